package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;

/** Any bytes as a key: the decoder refuses them in words, or what it read can be written again. */
class KeyDecoderFuzzTest {
  private static final int COLUMNS_MAX = 8;

  @FuzzTest
  void refusesOrReads(FuzzedDataProvider data) {
    List<KeyColumn> columns = KeyColumn.pick(data, COLUMNS_MAX);
    KeyDecoder decoder = new KeyDecoder(data.consumeRemainingAsBytes());
    KeyEncoder encoder = new KeyEncoder();
    try {
      for (KeyColumn column : columns) {
        Object value = column.read(decoder);
        column.write(encoder.reset(), value);
        KeyDecoder again = new KeyDecoder(encoder.toByteArray());
        assertThat(column.read(again)).isEqualTo(value);
        assertThat(again.hasRemaining()).isFalse();
      }
    } catch (ShardForgeException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED);
    }
  }
}
