package io.shardforge.storage.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Spans: what they hold, where they meet. */
class KeySpanTest {
  private static byte[] key(int... bytes) {
    byte[] key = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      key[i] = (byte) bytes[i];
    }
    return key;
  }

  private static KeySpan span(int start, int end) {
    return new KeySpan(key(start), end == 0 ? Bytes.EMPTY : key(end));
  }

  @Test
  void holdsItsStartAndNotItsEnd() {
    KeySpan span = span(2, 4);
    assertThat(span.contains(key(2))).isTrue();
    assertThat(span.contains(key(3, 0xFF))).isTrue();
    assertThat(span.contains(key(4))).isFalse();
    assertThat(span.contains(key(1, 0xFF))).isFalse();
    assertThat(span(2, 0).contains(key(0xFF, 0xFF))).isTrue();
    assertThat(KeySpan.ALL.contains(Bytes.EMPTY)).isTrue();
  }

  @Test
  void knowsWhatLiesInsideIt() {
    assertThat(span(2, 6).contains(span(2, 6))).isTrue();
    assertThat(span(2, 6).contains(span(3, 0))).isFalse();
    assertThat(span(2, 0).contains(span(3, 0))).isTrue();
    assertThat(span(2, 6).contains(span(9, 9))).isTrue();
  }

  @Test
  void overlapsOnlyWhereKeysAreShared() {
    assertThat(span(2, 4).overlaps(span(4, 6))).isFalse();
    assertThat(span(2, 5).overlaps(span(4, 6))).isTrue();
    assertThat(span(2, 0).overlaps(span(9, 0))).isTrue();
    assertThat(span(3, 3).overlaps(span(2, 4))).isFalse();
    assertThat(span(2, 5).intersect(span(4, 0))).contains(span(4, 5));
    assertThat(span(2, 0).intersect(span(1, 0))).contains(span(2, 0));
    assertThat(span(2, 4).intersect(span(4, 6))).isEmpty();
  }

  @Test
  void makesSpansOfKeysAndPrefixes() {
    KeySpan one = KeySpan.ofKey(key(5));
    assertThat(one.isSingleKey()).isTrue();
    assertThat(one.contains(key(5))).isTrue();
    assertThat(one.contains(key(5, 0))).isFalse();
    assertThat(span(2, 4).isSingleKey()).isFalse();
    assertThat(KeySpan.ofPrefix(key(5, 0xFF))).isEqualTo(new KeySpan(key(5, 0xFF), key(6)));
    assertThat(KeySpan.ofPrefix(key(0xFF)).hasEnd()).isFalse();
  }

  @Test
  void refusesToRunBackwards() {
    assertThatThrownBy(() -> span(4, 2)).isInstanceOf(IllegalArgumentException.class);
  }
}
