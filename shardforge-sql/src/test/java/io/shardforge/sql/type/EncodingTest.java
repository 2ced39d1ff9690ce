package io.shardforge.sql.type;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import org.junit.jupiter.api.Test;

class EncodingTest {
  private static Encoding named(String name) {
    return requireNonNull(Encoding.find(name));
  }

  @Test
  void asciiIsTheSameInAll() {
    StringBuilder ascii = new StringBuilder();
    for (char c = 1; c < 0x80; c++) {
      ascii.append(c);
    }
    for (int number = 0; Encoding.numbered(number) != null; number++) {
      Encoding encoding = requireNonNull(Encoding.numbered(number));
      assertThat(encoding.number()).isEqualTo(number);
      if (encoding.isConvertible()) {
        assertThat(encoding.encode(ascii.toString())).hasSize(0x7f);
        assertThat(encoding.decode(encoding.encode(ascii.toString()))).isEqualTo(ascii.toString());
      }
    }
  }

  @Test
  void namesAreReadWithoutRegardToCaseAndSigns() {
    assertThat(named("latin-1").name()).isEqualTo("LATIN1");
    assertThat(named("ISO 8859-15").name()).isEqualTo("LATIN9");
    assertThat(named("Windows_1252").name()).isEqualTo("WIN1252");
    assertThat(named("unicode")).isEqualTo(Encoding.UTF8);
    assertThat(Encoding.find("latin11")).isNull();
  }

  @Test
  void charactersThatHaveEachOthersCodesAreOnlyWhereTheyBelong() {
    assertThat(named("LATIN6").encode("Ąĸ§")).containsExactly(0xa1, 0xff, 0xa7);
    assertThat(named("LATIN8").decode(new byte[] {(byte) 0xd0})).isEqualTo("Ŵ");
    assertThat(named("EUC_JP").encode("～")).containsExactly(0xa1, 0xc1);
    assertThat(named("EUC_TW").decode(named("EUC_TW").encode("字"))).isEqualTo("字");
    assertThatThrownBy(() -> named("LATIN6").encode("a¡"))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNTRANSLATABLE_CHARACTER);
              assertThat(e.message()).contains("0xc2 0xa1 in").contains("\"LATIN6\"");
            });
  }
}
