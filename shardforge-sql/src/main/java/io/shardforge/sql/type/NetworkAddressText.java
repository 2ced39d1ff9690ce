package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** How PostgreSQL writes network addresses, in full and abbreviated. */
public final class NetworkAddressText {
  private static final int WORDS = 8;

  private NetworkAddressText() {}

  /** Reads an inet, or a cidr, of which bits outside the network must not be set. */
  static NetworkAddress parse(String text, boolean cidr) {
    NetworkAddress address = new NetworkAddressParser(text).parse(cidr);
    if (address == null) {
      throw TypeErrors.invalidText(cidr ? "cidr" : "inet", text);
    }
    if (cidr && !address.isNetwork()) {
      throw new ShardForgeException(
              ErrorCode.INVALID_TEXT_REPRESENTATION, "invalid cidr value: \"" + text + "\"")
          .withDetail("Value has bits set to right of mask.");
    }
    return address;
  }

  /** The address, and how many bits the network has if that is asked for. */
  public static String format(NetworkAddress value, boolean withBits) {
    StringBuilder out = new StringBuilder(24);
    if (value.isVersion6()) {
      putVersion6(value.address(), out);
    } else {
      putOctets(value.address(), 0, 4, out);
    }
    return withBits ? out.append('/').append(value.bits()).toString() : out.toString();
  }

  private static void putOctets(byte[] address, int from, int to, StringBuilder out) {
    for (int i = from; i < to; i++) {
      if (i > from) {
        out.append('.');
      }
      out.append(address[i] & 0xFF);
    }
  }

  private static void putVersion6(byte[] address, StringBuilder out) {
    Zeros zeros = Zeros.longest(address);
    boolean version4 =
        zeros.start == 0
            && (zeros.length == 6 || (zeros.length == 5 && word(address, 5) == 0xFFFF));
    for (int i = 0; i < WORDS; i++) {
      if (zeros.contains(i)) {
        if (i == zeros.start) {
          out.append(':');
        }
        continue;
      }
      if (i > 0) {
        out.append(':');
      }
      if (version4 && i == 6) {
        putOctets(address, 12, 16, out);
        return;
      }
      out.append(Integer.toHexString(word(address, i)));
    }
    if (zeros.contains(WORDS - 1)) {
      out.append(':');
    }
  }

  private static int word(byte[] address, int index) {
    return (address[2 * index] & 0xFF) << Byte.SIZE | (address[2 * index + 1] & 0xFF);
  }

  /** A cidr without the bytes at its end that are not of the network. */
  public static String abbreviated(NetworkAddress value) {
    StringBuilder out = new StringBuilder(24);
    byte[] network = value.network().address();
    int bits = value.bits();
    if (value.isVersion6()) {
      putShortVersion6(network, bits, out);
    } else if (bits == 0) {
      out.append('0');
    } else {
      putOctets(network, 0, (bits + Byte.SIZE - 1) / Byte.SIZE, out);
    }
    return out.append('/').append(bits).toString();
  }

  /** A run of words that are zero, which two colons stand for. */
  private record Zeros(int start, int length) {
    /** The first of the longest ones, of two words at least. */
    static Zeros longest(byte[] address) {
      Zeros longest = new Zeros(0, 0);
      int start = 0;
      for (int end = 0; end <= WORDS; end++) {
        if (end == WORDS || word(address, end) != 0) {
          if (end - start > Math.max(1, longest.length)) {
            longest = new Zeros(start, end - start);
          }
          start = end + 1;
        }
      }
      return longest;
    }

    /** What PostgreSQL takes for the longest one among the words that an abbreviation shows. */
    static Zeros shown(byte[] network, int words) {
      int start = 0;
      int length = 0;
      int runStart = 0;
      int run = 0;
      for (int i = 0; i < words; i++) {
        if (word(network, i) == 0) {
          if (run == 0) {
            runStart = i;
          }
          run++;
        } else if (run > length) {
          start = runStart;
          length = run;
          run = 0;
        }
      }
      return run > length ? new Zeros(runStart, run) : new Zeros(start, length);
    }

    boolean contains(int word) {
      return word >= start && word < start + length;
    }
  }

  private static void putShortVersion6(byte[] network, int bits, StringBuilder out) {
    if (bits == 0) {
      out.append("::");
      return;
    }
    int words = Math.max(2, (bits + 15) / 16);
    Zeros zeros = Zeros.shown(network, words);
    boolean version4 =
        zeros.length != words
            && zeros.start == 0
            && (zeros.length == 6
                || (zeros.length == 5 && word(network, 5) == 0xFFFF)
                || (zeros.length == 7 && network[14] != 0 && network[15] != 1));
    for (int i = 0; i < words; i++) {
      if (zeros.contains(i)) {
        if (i == zeros.start) {
          out.append(':');
        }
        if (i == words - 1) {
          out.append(':');
        }
      } else if (version4 && i > 5) {
        out.append(i == 6 ? ':' : '.').append(network[2 * i] & 0xFF);
        if (i != 7 || bits > 120) {
          out.append('.').append(network[2 * i + 1] & 0xFF);
        }
      } else {
        if (!out.isEmpty()) {
          out.append(':');
        }
        out.append(Integer.toHexString(word(network, i)));
      }
    }
  }
}
