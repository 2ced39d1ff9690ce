package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any values as a key: read back as they were, and sorted as they sort. */
class KeyRoundTripFuzzTest {
  private static final int COLUMNS_MAX = 4;

  @FuzzTest
  void readsBackInOrder(FuzzedDataProvider data) {
    List<KeyColumn> columns = KeyColumn.pick(data, COLUMNS_MAX);
    List<Object> left = values(columns, data);
    List<Object> right = values(columns, data);
    byte[] leftKey = encode(columns, left);
    byte[] rightKey = encode(columns, right);
    assertThat(decode(columns, leftKey)).isEqualTo(left);
    int expected = 0;
    for (int i = 0; i < columns.size() && expected == 0; i++) {
      expected = columns.get(i).compare(left.get(i), right.get(i));
    }
    assertThat(Integer.signum(Arrays.compareUnsigned(leftKey, rightKey)))
        .isEqualTo(Integer.signum(expected));
  }

  private static List<Object> values(List<KeyColumn> columns, FuzzedDataProvider data) {
    List<Object> values = new ArrayList<>();
    columns.forEach(column -> values.add(column.value(data)));
    return values;
  }

  private static byte[] encode(List<KeyColumn> columns, List<Object> values) {
    KeyEncoder encoder = new KeyEncoder();
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).write(encoder, values.get(i));
    }
    return encoder.toByteArray();
  }

  private static List<Object> decode(List<KeyColumn> columns, byte[] key) {
    KeyDecoder decoder = new KeyDecoder(key);
    List<Object> values = new ArrayList<>();
    columns.forEach(column -> values.add(column.read(decoder)));
    assertThat(decoder.hasRemaining()).isFalse();
    return values;
  }
}
