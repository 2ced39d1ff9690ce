package io.shardforge.sql.type;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads one network address; what it takes is what PostgreSQL takes, letter by letter. */
final class NetworkAddressParser {
  private static final int BYTES_4 = 4;
  private static final int BYTES_6 = 16;
  private static final int NOT_GIVEN = -1;
  private static final int WRONG = -2;

  private final String text;
  private int at;

  /** The bytes found, and how many they are. */
  private byte[] address = new byte[BYTES_4];

  private int size;

  NetworkAddressParser(String text) {
    this.text = text;
  }

  /** The address, null if it is none. */
  @Nullable NetworkAddress parse(boolean cidr) {
    int bits;
    if (text.indexOf(':') >= 0) {
      address = new byte[BYTES_6];
      bits = version6();
    } else if (cidr) {
      bits = hexAhead() ? hex() : octets(false) ? networkBits() : WRONG;
    } else {
      bits = octets(true) ? hostBits() : WRONG;
    }
    return bits < 0 ? null : new NetworkAddress(address, bits);
  }

  /** The letter at a place, 0 behind the last one. */
  private char letter(int index) {
    return index < text.length() ? text.charAt(index) : 0;
  }

  private char here() {
    return letter(at);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int hexDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }

  private boolean atEnd() {
    return at == text.length();
  }

  private boolean add(int octet) {
    if (size == address.length) {
      return false;
    }
    address[size++] = (byte) octet;
    return true;
  }

  /** Numbers between dots, up to the end or a slash; of an inet a dot may end them too. */
  private boolean octets(boolean dotMayEnd) {
    while (isDigit(here())) {
      int octet = 0;
      for (; isDigit(here()); at++) {
        octet = octet * 10 + here() - '0';
        if (octet > 255) {
          return false;
        }
      }
      if (!add(octet)) {
        return false;
      }
      if (here() != '.') {
        return atEnd() || here() == '/';
      }
      at++;
    }
    return dotMayEnd && size > 0;
  }

  private boolean hexAhead() {
    return here() == '0' && (letter(1) == 'x' || letter(1) == 'X') && hexDigit(letter(2)) >= 0;
  }

  private int hex() {
    at = 2;
    while (hexDigit(here()) >= 0) {
      int high = hexDigit(here());
      int low = hexDigit(letter(at + 1));
      at += low < 0 ? 1 : 2;
      if (!add(high << 4 | Math.max(low, 0))) {
        return WRONG;
      }
    }
    return networkBits();
  }

  /** What follows a slash at the end, up to 32. */
  private int bits() {
    if (here() != '/' || !isDigit(letter(at + 1))) {
      return atEnd() ? NOT_GIVEN : WRONG;
    }
    int bits = 0;
    for (at++; isDigit(here()); at++) {
      bits = Math.min(bits * 10 + here() - '0', 1000);
    }
    return atEnd() && bits <= Integer.SIZE ? bits : WRONG;
  }

  private int hostBits() {
    int bits = bits();
    if (bits == NOT_GIVEN) {
      return size == BYTES_4 ? Integer.SIZE : WRONG;
    }
    return bits / Byte.SIZE > size ? WRONG : bits;
  }

  /** Those given, else those of the network's class or as many as there are octets. */
  private int networkBits() {
    int bits = bits();
    if (bits != NOT_GIVEN) {
      return bits;
    }
    int first = address[0] & 0xFF;
    int ofClass = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
    int wide = Math.max(ofClass, size * Byte.SIZE);
    return wide == 8 && first == 224 ? 4 : wide;
  }

  private int version6() {
    if (here() == ':' && letter(++at) != ':') {
      return WRONG;
    }
    int wordStart = at;
    int gap = -1;
    int bits = NOT_GIVEN;
    int word = 0;
    int digits = 0;
    for (; !atEnd(); at++) {
      char c = here();
      int digit = hexDigit(c);
      if (digit >= 0) {
        word = word << 4 | digit;
        if (++digits > 4) {
          return WRONG;
        }
      } else if (c == ':') {
        wordStart = at + 1;
        if (digits == 0) {
          if (gap >= 0) {
            return WRONG;
          }
          gap = size;
        } else {
          if (wordStart == text.length() || !addWord(word)) {
            return WRONG;
          }
          digits = 0;
          word = 0;
        }
      } else if (c == '.' && size + BYTES_4 <= BYTES_6) {
        digits = 0;
        bits = version4Within(wordStart);
        break;
      } else {
        bits = c == '/' ? bits6(at + 1) : WRONG;
        break;
      }
    }
    if (bits == WRONG || (digits > 0 && !addWord(word))) {
      return WRONG;
    }
    if (gap >= 0 ? size == BYTES_6 : size != BYTES_6) {
      return WRONG;
    }
    if (gap >= 0) {
      int moved = size - gap;
      System.arraycopy(address, gap, address, BYTES_6 - moved, moved);
      Arrays.fill(address, gap, BYTES_6 - moved, (byte) 0);
    }
    return bits == NOT_GIVEN ? BYTES_6 * Byte.SIZE : bits;
  }

  private boolean addWord(int word) {
    return size + 2 <= BYTES_6 && add(word >> Byte.SIZE) && add(word);
  }

  /** A number from a place to the end or one of the ends given; without zeros ahead. */
  private int number(int from, int most, String ends) {
    int number = 0;
    for (at = from; isDigit(here()); at++) {
      if (at > from && number == 0) {
        return WRONG;
      }
      number = number * 10 + here() - '0';
      if (number > most) {
        return WRONG;
      }
    }
    boolean ended = atEnd() ? at > from : ends.indexOf(here()) >= 0;
    return ended ? number : WRONG;
  }

  private int bits6(int from) {
    return number(from, BYTES_6 * Byte.SIZE, "");
  }

  /** An address of IPv4 at the end of one of IPv6, with the bits of that; octets may be missing. */
  private int version4Within(int from) {
    int start = size;
    size += BYTES_4;
    int next = from;
    for (int count = 0; count < BYTES_4; count++) {
      int octet = number(next, 255, "./");
      if (octet == WRONG) {
        return WRONG;
      }
      address[start + count] = (byte) octet;
      if (atEnd()) {
        return NOT_GIVEN;
      }
      if (here() == '/') {
        return bits6(at + 1);
      }
      next = at + 1;
    }
    return WRONG;
  }
}
