package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A character set encoding as PostgreSQL numbers and names it. Text is UTF-8 inside; clients may
 * send and get it in another encoding.
 */
public final class Encoding {
  /** From the next on they are for clients only. */
  private static final int NUMBER_OF_SERVER_MAX = 34;

  /** Has no conversion: what is called so is taken for UTF-8, the encoding of every database. */
  public static final Encoding SQL_ASCII = new Encoding(0, "SQL_ASCII", 1, "UTF-8", "");

  public static final Encoding UTF8 = new Encoding(6, "UTF8", 4, "UTF-8", "");

  private static final List<Encoding> ALL =
      List.of(
          SQL_ASCII,
          new Encoding(1, "EUC_JP", 3, "x-eucJP-Open", "¦￤—―〜～‖∥£￡¢￠−－¬￢"),
          new Encoding(2, "EUC_CN", 3, "GB2312", ""),
          new Encoding(3, "EUC_KR", 3, "EUC-KR", ""),
          new Encoding(4, "EUC_TW", 4, "x-EUC-TW", ""),
          new Encoding(5, "EUC_JIS_2004", 3, null, ""),
          UTF8,
          new Encoding(7, "MULE_INTERNAL", 4, null, ""),
          single(8, "LATIN1", "ISO-8859-1"),
          single(9, "LATIN2", "ISO-8859-2"),
          single(10, "LATIN3", "ISO-8859-3"),
          single(11, "LATIN4", "ISO-8859-4"),
          single(12, "LATIN5", "ISO-8859-9"),
          new Encoding(
              13,
              "LATIN6",
              1,
              "ISO-8859-1",
              "¡Ą¢Ē£Ģ¤Ī¥Ĩ¦Ķ¨Ļ©ĐªŠ«Ŧ¬Ž®Ū¯Ŋ±ą²ē³ģ´īµĩ¶ķ¸ļ¹đºš»ŧ¼ž½―¾ū¿ŋÀĀÇĮÈČÊĘÌĖÑŅÒŌ×ŨÙŲàāçįèčêęìėñņòō÷ũùųÿĸ"),
          single(14, "LATIN7", "ISO-8859-13"),
          new Encoding(
              15,
              "LATIN8",
              1,
              "ISO-8859-1",
              "¡Ḃ¢ḃ¤Ċ¥ċ¦Ḋ¨ẀªẂ«ḋ¬Ỳ¯Ÿ°Ḟ±ḟ²Ġ³ġ´Ṁµṁ·Ṗ¸ẁ¹ṗºẃ»Ṡ¼ỳ½Ẅ¾ẅ¿ṡÐŴ×ṪÞŶðŵ÷ṫþŷ"),
          single(16, "LATIN9", "ISO-8859-15"),
          single(17, "LATIN10", "ISO-8859-16"),
          single(18, "WIN1256", "windows-1256"),
          single(19, "WIN1258", "windows-1258"),
          single(20, "WIN866", "IBM866"),
          single(21, "WIN874", "x-windows-874"),
          single(22, "KOI8R", "KOI8-R"),
          single(23, "WIN1251", "windows-1251"),
          single(24, "WIN1252", "windows-1252"),
          single(25, "ISO_8859_5", "ISO-8859-5"),
          single(26, "ISO_8859_6", "ISO-8859-6"),
          single(27, "ISO_8859_7", "ISO-8859-7"),
          single(28, "ISO_8859_8", "ISO-8859-8"),
          single(29, "WIN1250", "windows-1250"),
          single(30, "WIN1253", "windows-1253"),
          single(31, "WIN1254", "windows-1254"),
          single(32, "WIN1255", "windows-1255"),
          single(33, "WIN1257", "windows-1257"),
          single(34, "KOI8U", "KOI8-U"),
          new Encoding(35, "SJIS", 2, "windows-31j", ""),
          new Encoding(36, "BIG5", 2, "Big5", ""),
          new Encoding(37, "GBK", 2, "x-mswin-936", ""),
          new Encoding(38, "UHC", 2, "x-windows-949", ""),
          new Encoding(39, "GB18030", 4, "GB18030", ""),
          new Encoding(40, "JOHAB", 3, "x-Johab", ""),
          new Encoding(41, "SHIFT_JIS_2004", 2, "x-SJIS_0213", ""));

  /** PostgreSQL's other names: letters and digits alone, with the name each stands for. */
  private static final String ALIASES =
      """
      abc WIN1258 alt WIN866 iso88591 LATIN1 iso88592 LATIN2 iso88593 LATIN3 iso88594 LATIN4
      iso88599 LATIN5 iso885910 LATIN6 iso885913 LATIN7 iso885914 LATIN8 iso885915 LATIN9
      iso885916 LATIN10 koi8 KOI8R mskanji SJIS shiftjis SJIS tcvn WIN1258 tcvn5712 WIN1258
      unicode UTF8 vscii WIN1258 win WIN1251 win932 SJIS win936 GBK win949 UHC win950 BIG5
      windows1250 WIN1250 windows1251 WIN1251 windows1252 WIN1252 windows1253 WIN1253
      windows1254 WIN1254 windows1255 WIN1255 windows1256 WIN1256 windows1257 WIN1257
      windows1258 WIN1258 windows866 WIN866 windows874 WIN874 windows932 SJIS windows936 GBK
      windows949 UHC windows950 BIG5
      """;

  private static final Map<String, Encoding> BY_NAME = byName();

  private final int number;
  private final String name;
  private final int bytesMax;
  private final @Nullable Charset charset;
  private final boolean utf8;
  private final Map<Character, Character> swapped = new HashMap<>();

  /**
   * @param charset Java's name of it, null when it cannot be converted
   * @param swapped pairs of characters that have each other's codes in the charset
   */
  private Encoding(
      int number, String name, int bytesMax, @Nullable String charset, String swapped) {
    this.number = number;
    this.name = name;
    this.bytesMax = bytesMax;
    this.charset = charset == null ? null : Charset.forName(charset);
    this.utf8 = StandardCharsets.UTF_8.equals(this.charset);
    for (int i = 0; i < swapped.length(); i += 2) {
      this.swapped.put(swapped.charAt(i), swapped.charAt(i + 1));
      this.swapped.put(swapped.charAt(i + 1), swapped.charAt(i));
    }
  }

  private static Encoding single(int number, String name, String charset) {
    return new Encoding(number, name, 1, charset, "");
  }

  private static Map<String, Encoding> byName() {
    Map<String, Encoding> names = new HashMap<>();
    for (Encoding encoding : ALL) {
      names.put(plain(encoding.name), encoding);
    }
    String[] words = ALIASES.strip().split("\\s+", -1);
    for (int i = 0; i < words.length; i += 2) {
      names.put(words[i], names.get(plain(words[i + 1])));
    }
    return names;
  }

  private static String plain(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /** The encoding of a name, whatever its case and whatever stands between letters; else null. */
  public static @Nullable Encoding find(String name) {
    return BY_NAME.get(plain(name));
  }

  /** The encoding that PostgreSQL gives this number, or null. */
  public static @Nullable Encoding numbered(long number) {
    return number >= 0 && number < ALL.size() ? ALL.get((int) number) : null;
  }

  public int number() {
    return number;
  }

  public String name() {
    return name;
  }

  /** The most bytes that a character takes. */
  public int bytesMax() {
    return bytesMax;
  }

  /** Whether no database can be in it, as bytes that look like ASCII may be parts of others. */
  public boolean isForClientsOnly() {
    return number > NUMBER_OF_SERVER_MAX;
  }

  /** Whether text can be converted from and to it. */
  public boolean isConvertible() {
    return charset != null;
  }

  /** Whether bytes of it are what text is inside, so that nothing has to be done. */
  public boolean isUtf8() {
    return utf8;
  }

  /**
   * The text of bytes: 22021 when they are none in this encoding, 22P05 when a character is not in
   * Unicode.
   */
  public String decode(byte[] bytes) {
    return decode(ByteBuffer.wrap(bytes));
  }

  /** The same of the bytes that remain in a buffer. */
  public String decode(ByteBuffer in) {
    if (isUtf8()) {
      return Text.decode(in);
    }
    StringBuilder out = new StringBuilder(in.remaining());
    ShardForgeException failure = decode(in, out, true);
    if (failure != null) {
      throw failure;
    }
    return TypeErrors.withoutNul(out.toString());
  }

  /**
   * Appends what the bytes say and leaves those that it cannot read, with the reason, or that are
   * the beginning of a character, unless they are the last.
   */
  @Nullable ShardForgeException decode(ByteBuffer in, StringBuilder out, boolean last) {
    CharBuffer chars = CharBuffer.allocate(in.remaining() + 2);
    CoderResult result = charset().newDecoder().decode(in, chars, last);
    out.append(swap(chars.flip().toString()));
    return result.isError() ? notRead(in.duplicate(), result.isMalformed()) : null;
  }

  private ShardForgeException notRead(ByteBuffer at, boolean malformed) {
    if (malformed && bytesMax > 1) {
      return TypeErrors.of(
          ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
          "invalid byte sequence for encoding \"" + name + "\":" + shown(at));
    }
    return untranslatable(at, UTF8);
  }

  private ShardForgeException untranslatable(ByteBuffer at, Encoding to) {
    return TypeErrors.of(
        ErrorCode.UNTRANSLATABLE_CHARACTER,
        "character with byte sequence%s in encoding \"%s\" has no equivalent in encoding \"%s\""
            .formatted(shown(at), name, to.name));
  }

  /** The first character's bytes, as many as its first byte lets expect. */
  private String shown(ByteBuffer at) {
    StringBuilder text = new StringBuilder();
    int length = Math.min(at.remaining(), length(at));
    for (int i = 0; i < length; i++) {
      text.append(String.format(" 0x%02x", at.get(at.position() + i) & 0xff));
    }
    return text.toString();
  }

  private int length(ByteBuffer at) {
    int first = at.get(at.position()) & 0xff;
    if (bytesMax == 1 || first < 0x80) {
      return 1;
    }
    int second = at.remaining() > 1 ? at.get(at.position() + 1) & 0xff : 0xff;
    return switch (name) {
      case "UTF8", "SQL_ASCII" -> first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
      case "SJIS", "SHIFT_JIS_2004" -> first >= 0xa1 && first <= 0xdf ? 1 : 2;
      case "GB18030" -> second >= '0' && second <= '9' ? 4 : 2;
      case "EUC_TW" -> first == 0x8e ? 4 : 2;
      default -> first == 0x8f && bytesMax > 2 ? 3 : 2;
    };
  }

  /** The bytes of a text: 22P05 when it has a character that is not in this encoding. */
  public byte[] encode(String text) {
    if (isUtf8()) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    CharsetEncoder encoder = charset().newEncoder();
    CharBuffer in = CharBuffer.wrap(swap(text));
    ByteBuffer out =
        ByteBuffer.allocate((int) Math.ceil((double) encoder.maxBytesPerChar() * text.length()));
    CoderResult result = encoder.encode(in, out, true);
    if (result.isError()) {
      int character = text.codePointAt(in.position());
      throw UTF8.untranslatable(
          ByteBuffer.wrap(Character.toString(character).getBytes(StandardCharsets.UTF_8)), this);
    }
    encoder.flush(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Appends the bytes of a text. */
  void write(String text, ByteWriter out) {
    if (isUtf8()) {
      out.putUtf8(text);
    } else {
      out.putBytes(encode(text));
    }
  }

  /** Converts the UTF-8 that was written from a position on into this encoding. */
  public void convert(ByteWriter out, int from) {
    if (isUtf8() || isAscii(out, from)) {
      return;
    }
    String text = new String(out.array(), from, out.size() - from, StandardCharsets.UTF_8);
    out.truncate(from);
    out.putBytes(encode(text));
  }

  private static boolean isAscii(ByteWriter out, int from) {
    byte[] bytes = out.array();
    for (int i = from; i < out.size(); i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private Charset charset() {
    Charset known = charset;
    if (known == null) {
      throw new IllegalStateException(name + " cannot be converted");
    }
    return known;
  }

  private String swap(String text) {
    if (swapped.isEmpty()) {
      return text;
    }
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      chars[i] = swapped.getOrDefault(chars[i], chars[i]);
    }
    return new String(chars);
  }
}
