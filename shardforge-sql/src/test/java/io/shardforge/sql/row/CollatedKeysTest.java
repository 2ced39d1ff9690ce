package io.shardforge.sql.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of text under collations are in the order that comparing the texts gives. */
class CollatedKeysTest {
  private static final int TEXTS = 300;

  /** Letters of several scripts, marks, blanks, signs, and beyond the basic plane. */
  private static final List<String> PARTS =
      List.of(
          "a", "A", "b", "B", "z", "Z", "ä", "Ä", "a\u0308", "é", "e\u0301", "ß", "ss", "ö", "ø",
          "ñ", "ch", "i", "I", "ı", "İ", "я", "中", "か", "ガ", "1", "10", "2", " ", "-", "'", "_",
          "\u0001", "\u200d", "😀", "𝒜", "ﬀ");

  static Stream<Arguments> collations() {
    List<Arguments> all = new ArrayList<>();
    int oid = 20_000;
    for (String locale :
        List.of("und", "en", "sv", "de-u-co-phonebk", "und-u-kn-true", "und-u-ka-shifted")) {
      all.add(Arguments.of(new Collation(oid++, locale, true)));
    }
    for (String locale : List.of("und", "und-u-ks-level1", "en-u-ks-level2", "tr-u-ks-level1")) {
      all.add(Arguments.of(new Collation(oid++, locale, false)));
    }
    return all.stream();
  }

  private static List<String> texts(SplittableRandom random) {
    List<String> texts = new ArrayList<>(List.of("", "äss", "Aß", "Ass", "ſſ", "ß", "ss"));
    while (texts.size() < TEXTS) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(6); i >= 0; i--) {
        text.append(PARTS.get(random.nextInt(PARTS.size())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  private static byte[] key(ValueCodec codec, String text, KeyOrder order) {
    KeyEncoder out = new KeyEncoder();
    codec.putKey(text, order, out);
    return out.putInt4(7, KeyOrder.ASC_NULLS_LAST).toByteArray();
  }

  @ParameterizedTest
  @MethodSource("collations")
  void keysAreInTheOrderOfTheTexts(Collation collation) {
    SqlType type = SqlType.of(PgOid.TEXT).withCollation(collation);
    PgType order = PgTypes.of(type);
    ValueCodec codec = ValueCodec.of(type);
    List<String> texts = texts(new SplittableRandom(17));
    for (String a : texts) {
      for (String b : texts) {
        int compared = Integer.signum(order.compare(a, b));
        int up =
            Bytes.compare(
                key(codec, a, KeyOrder.ASC_NULLS_LAST), key(codec, b, KeyOrder.ASC_NULLS_LAST));
        int down =
            Bytes.compare(
                key(codec, a, KeyOrder.DESC_NULLS_LAST), key(codec, b, KeyOrder.DESC_NULLS_LAST));
        assertThat(Integer.signum(up)).as("%s and %s", a, b).isEqualTo(compared);
        assertThat(Integer.signum(down)).as("%s and %s", a, b).isEqualTo(-compared);
        assertThat(order.equal(a, b)).isEqualTo(compared == 0);
        if (compared == 0) {
          assertThat(order.hash(a)).isEqualTo(order.hash(b));
          assertThat(!collation.deterministic() || a.equals(b)).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("collations")
  void aDeterministicKeyTellsTheText(Collation collation) {
    ValueCodec codec = ValueCodec.of(SqlType.of(PgOid.TEXT).withCollation(collation));
    assertThat(codec.isKeyReadable()).isEqualTo(collation.deterministic());
    assertThat(codec.isKeyLossy()).isTrue();
    for (String text : texts(new SplittableRandom(18))) {
      KeyDecoder in = new KeyDecoder(key(codec, text, KeyOrder.DESC_NULLS_LAST));
      Object read = codec.readKey(in, KeyOrder.DESC_NULLS_LAST);
      assertThat(in.getInt4(KeyOrder.ASC_NULLS_LAST)).isEqualTo(7);
      if (collation.deterministic()) {
        assertThat(read).isEqualTo(text);
      }
    }
  }

  /** What is on disk: other data of ICU would need all indexes to be built anew. */
  @Test
  void aKeyHasTheBytesThatItAlwaysHad() {
    ValueCodec codec =
        ValueCodec.of(SqlType.of(PgOid.TEXT).withCollation(new Collation(20_000, "de", true)));
    assertThat(HexFormat.of().formatHex(codec.key("Äb")))
        .isEqualTo("022a2c0145960501dc0600ffc384620001");
  }

  @Test
  void paddingIsNoPartOfAKey() {
    ValueCodec codec =
        ValueCodec.of(SqlType.of(PgOid.BPCHAR).withCollation(new Collation(20_000, "de", true)));
    assertThat(codec.key("a  ")).isEqualTo(codec.key("a"));
  }
}
