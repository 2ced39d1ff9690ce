package io.shardforge.sql.type;

import com.ibm.icu.text.Collator;
import com.ibm.icu.text.RawCollationKey;
import com.ibm.icu.text.RuleBasedCollator;
import com.ibm.icu.util.ULocale;
import com.ibm.icu.util.VersionInfo;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The order that ICU gives text in a locale. Where it is deterministic, texts that ICU holds equal
 * are told apart by their code points. Immutable.
 */
public final class TextOrder {
  private record Key(String locale, boolean deterministic) {}

  /**
   * A word joiner, which no order regards. The collator's short cut for Latin letters has no place
   * for it and leaves the end of a comparison to the general way: by itself it takes ß for less
   * than ss with other marks, which sort keys do not.
   */
  private static final char IGNORED = '\u2060';

  private static final Map<Key, TextOrder> ORDERS = new ConcurrentHashMap<>();

  private final ULocale locale;
  private final boolean deterministic;
  private final Collator collator;

  private TextOrder(Key key) {
    this.locale = uLocale(key.locale);
    this.deterministic = key.deterministic;
    this.collator = Collator.getInstance(locale).freeze();
  }

  static TextOrder of(String locale, boolean deterministic) {
    return ORDERS.computeIfAbsent(new Key(locale, deterministic), TextOrder::new);
  }

  /** A locale as BCP 47 or ICU writes it, such as de-u-co-phonebk or de@collation=phonebook. */
  private static ULocale uLocale(String name) {
    if (name.indexOf('@') >= 0) {
      return new ULocale(name);
    }
    try {
      return new ULocale.Builder().setLanguageTag(name).build();
    } catch (IllformedLocaleException e) {
      return new ULocale(name);
    }
  }

  /** Whether ICU knows the language of a locale. */
  public static void require(String name) {
    try {
      var _ = Collator.getInstance(uLocale(name));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "could not open collator for locale \"" + name + "\": U_ILLEGAL_ARGUMENT_ERROR",
          e);
    }
  }

  /** The version of the order, as pg_collation.collversion has it. */
  public static String version(String name) {
    VersionInfo version = Collator.getInstance(uLocale(name)).getVersion();
    StringBuilder text = new StringBuilder();
    text.append(version.getMajor()).append('.').append(version.getMinor());
    if (version.getMilli() != 0 || version.getMicro() != 0) {
      text.append('.').append(version.getMilli());
    }
    if (version.getMicro() != 0) {
      text.append('.').append(version.getMicro());
    }
    return text.toString();
  }

  /** What letters become capitals and small ones by. */
  public ULocale locale() {
    return locale;
  }

  public boolean isDeterministic() {
    return deterministic;
  }

  public int compare(String a, String b) {
    if (a.equals(b)) {
      return 0;
    }
    int order = compareByLocale(a, b);
    return order == 0 && deterministic ? Text.compare(a, b) : order;
  }

  private int compareByLocale(String a, String b) {
    return collator.compare(a + IGNORED, b + IGNORED);
  }

  public boolean equal(String a, String b) {
    return a.equals(b) || (!deterministic && compareByLocale(a, b) == 0);
  }

  /** A hash that agrees with {@link #equal}. */
  public int hash(String text) {
    return deterministic ? text.hashCode() : Arrays.hashCode(sortKey(text));
  }

  /** Bytes that are ordered as texts are by ICU, without a zero among them but the last. */
  private byte[] sortKey(String text) {
    RawCollationKey key = ((RuleBasedCollator) collator).getRawCollationKey(text, null);
    return Arrays.copyOf(key.bytes, key.size);
  }

  /** Bytes that are ordered as the texts are, and alike where those are equal. */
  public byte[] key(String text) {
    byte[] sortKey = sortKey(text);
    if (!deterministic) {
      return sortKey;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] key = Arrays.copyOf(sortKey, sortKey.length + bytes.length);
    System.arraycopy(bytes, 0, key, sortKey.length, bytes.length);
    return key;
  }

  /**
   * The text that a key was made of. One that is not deterministic has lost it: that is read from
   * where it was stored.
   */
  public String ofKey(byte[] key) {
    int end = 0;
    while (end < key.length && key[end] != 0) {
      end++;
    }
    return deterministic && end < key.length
        ? new String(key, end + 1, key.length - end - 1, StandardCharsets.UTF_8)
        : "";
  }
}
