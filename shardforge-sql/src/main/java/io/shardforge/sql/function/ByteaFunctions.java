package io.shardforge.sql.function;

import io.shardforge.sql.type.ByteWriter;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Functions of bytea: parts, bits, encodings, digests; and uuid generation. */
final class ByteaFunctions {
  private ByteaFunctions() {}

  static void register(FunctionTable t) {
    Class<byte[]> b = byte[].class;
    Class<String> s = String.class;
    Class<Long> n = Long.class;
    t.of("byteacat", b, b, (_, x, y) -> join(x, y));
    t.of("byteaoctetlen", b, (_, x) -> (long) x.length);
    t.of("bit_length(bytea)", b, (_, x) -> x.length * 8L);
    t.of("bytea_substr", b, n, n, (_, x, from, count) -> substring(x, from, count));
    t.of("bytea_substr_no_len", b, n, (_, x, from) -> substring(x, from, Integer.MAX_VALUE));
    t.of("byteapos", b, b, (_, x, y) -> position(x, y));
    t.of("byteaoverlay", b, b, n, n, (_, x, y, from, count) -> overlay(x, y, from, count));
    t.of("byteaoverlay_no_len", b, b, n, (_, x, y, from) -> overlay(x, y, from, y.length));
    t.of("byteaGetByte", b, n, (_, x, index) -> x[index(x, index)] & 0xFFL);
    t.of(
        "byteaSetByte",
        b,
        n,
        n,
        (_, x, index, value) -> {
          byte[] copy = x.clone();
          copy[index(x, index)] = (byte) (long) value;
          return copy;
        });
    t.of("byteaGetBit", b, n, (_, x, bit) -> (long) (x[bitByte(x, bit)] >> (int) (bit % 8) & 1));
    t.of("byteaSetBit", b, n, n, (_, x, bit, value) -> withBit(x, bit, value));
    t.of("bytea_bit_count", b, (_, x) -> bitCount(x));
    for (String source : List.of("byteatrim", "bytealtrim", "byteartrim")) {
      t.of(
          source,
          b,
          b,
          (_, x, set) -> trim(x, set, !source.equals("byteartrim"), !source.equals("bytealtrim")));
    }
    t.of("binary_encode", b, s, (_, x, format) -> encode(x, format));
    t.of("binary_decode", s, s, (_, x, format) -> decode(x, format));
    t.of("md5_text", s, (_, x) -> hex(digest("MD5", x.getBytes(StandardCharsets.UTF_8))));
    t.of("md5_bytea", b, (_, x) -> hex(digest("MD5", x)));
    for (int bits : new int[] {224, 256, 384, 512}) {
      t.of("sha" + bits + "_bytea", b, (_, x) -> digest("SHA-" + bits, x));
    }
    t.of(
        "gen_random_uuid",
        c -> {
          SessionFunctions session = SystemFunctions.session(c);
          long high = (session.randomBits() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
          long low = (session.randomBits() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
          return new UUID(high, low);
        });
  }

  private static byte[] join(byte[] x, byte[] y) {
    byte[] joined = Arrays.copyOf(x, Math.addExact(x.length, y.length));
    System.arraycopy(y, 0, joined, x.length, y.length);
    return joined;
  }

  private static byte[] substring(byte[] x, long from, long count) {
    if (count < 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    long start = Math.clamp(from - 1, 0, x.length);
    long end = Math.clamp(from - 1 + count, start, x.length);
    return Arrays.copyOfRange(x, (int) start, (int) end);
  }

  private static byte[] overlay(byte[] x, byte[] y, long from, long count) {
    if (from <= 0) {
      throw TypeErrors.of(ErrorCode.SUBSTRING_ERROR, "negative substring length not allowed");
    }
    return join(join(substring(x, 1, from - 1), y), substring(x, from + count, Integer.MAX_VALUE));
  }

  private static long position(byte[] x, byte[] y) {
    for (int i = 0; i + y.length <= x.length; i++) {
      if (Arrays.equals(x, i, i + y.length, y, 0, y.length)) {
        return i + 1L;
      }
    }
    return 0;
  }

  private static int index(byte[] x, long index) {
    if (index < 0 || index >= x.length) {
      throw TypeErrors.of(
          ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "index " + index + " out of valid range, 0.." + (x.length - 1));
    }
    return (int) index;
  }

  private static int bitByte(byte[] x, long bit) {
    if (bit < 0 || bit >= x.length * 8L) {
      throw TypeErrors.of(
          ErrorCode.ARRAY_SUBSCRIPT_ERROR,
          "index " + bit + " out of valid range, 0.." + (x.length * 8L - 1));
    }
    return (int) (bit / 8);
  }

  private static byte[] withBit(byte[] x, long bit, long value) {
    int position = bitByte(x, bit);
    if (value != 0 && value != 1) {
      throw TypeErrors.invalidParameter("new bit must be 0 or 1");
    }
    byte[] copy = x.clone();
    int mask = 1 << (int) (bit % 8);
    copy[position] = (byte) (value == 1 ? copy[position] | mask : copy[position] & ~mask);
    return copy;
  }

  private static long bitCount(byte[] x) {
    long count = 0;
    for (byte b : x) {
      count += Integer.bitCount(b & 0xFF);
    }
    return count;
  }

  private static byte[] trim(byte[] x, byte[] set, boolean start, boolean end) {
    int from = 0;
    int to = x.length;
    while (start && from < to && holds(set, x[from])) {
      from++;
    }
    while (end && to > from && holds(set, x[to - 1])) {
      to--;
    }
    return Arrays.copyOfRange(x, from, to);
  }

  private static boolean holds(byte[] set, byte value) {
    for (byte b : set) {
      if (b == value) {
        return true;
      }
    }
    return false;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String encode(byte[] x, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> hex(x);
      case "base64" -> Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(x);
      case "escape" -> escape(x);
      default -> throw unknownEncoding(format);
    };
  }

  /** Like bytea's escape form, except that only zero and high bytes are in octal. */
  private static String escape(byte[] x) {
    StringBuilder out = new StringBuilder();
    for (byte b : x) {
      if (b == 0 || b < 0) {
        out.append(String.format("\\%03o", b & 0xFF));
      } else if (b == '\\') {
        out.append("\\\\");
      } else {
        out.append((char) b);
      }
    }
    return out.toString();
  }

  private static RuntimeException unknownEncoding(String format) {
    return TypeErrors.invalidParameter("unrecognized encoding: \"" + format + "\"");
  }

  private static byte[] decode(String x, String format) {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "hex" -> (byte[]) PgTypes.byOid(PgOid.BYTEA).parse("\\x" + x, -1, TypeContext.UTC);
      case "base64" -> decodeBase64(x);
      case "escape" -> (byte[]) PgTypes.byOid(PgOid.BYTEA).parse(x, -1, TypeContext.UTC);
      default -> throw unknownEncoding(format);
    };
  }

  private static byte[] decodeBase64(String x) {
    ByteWriter compact = new ByteWriter(x.length());
    for (int i = 0; i < x.length(); i++) {
      char c = x.charAt(i);
      if (" \t\n\r".indexOf(c) >= 0) {
        continue;
      }
      boolean valid =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '+'
              || c == '/'
              || c == '=';
      if (!valid) {
        throw TypeErrors.invalidParameter(
            "invalid symbol \"" + c + "\" found while decoding base64 sequence");
      }
      compact.putByte(c);
    }
    try {
      if (compact.size() % 4 != 0) {
        throw new IllegalArgumentException("incomplete");
      }
      return Base64.getDecoder().decode(compact.toByteArray());
    } catch (IllegalArgumentException e) {
      throw TypeErrors.invalidParameter("invalid base64 end sequence")
          .withHint("Input data is missing padding, is truncated, or is otherwise corrupted.");
    }
  }

  private static byte[] digest(String algorithm, byte[] x) {
    try {
      return MessageDigest.getInstance(algorithm).digest(x);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm + " is missing from the Java runtime", e);
    }
  }
}
