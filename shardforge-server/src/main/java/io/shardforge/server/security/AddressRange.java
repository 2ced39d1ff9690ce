package io.shardforge.server.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one network, such as {@code 10.0.0.0/8} or {@code ::1/128}. An IPv4 client that
 * comes over IPv6 ({@code ::ffff:10.1.2.3}) is an IPv4 client.
 */
record AddressRange(byte[] network, int prefixBits) {
  /** A range {@code address/bits}; empty for a text that is none. */
  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = bytes(slash < 0 ? text : text.substring(0, slash));
    if (network == null || slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    return bits > network.length * 8
        ? Optional.empty()
        : Optional.of(new AddressRange(network, bits));
  }

  /** A range by an address and a mask of its length; empty for texts that are none. */
  static Optional<AddressRange> parse(String address, String mask) {
    byte[] network = bytes(address);
    byte[] ones = bytes(mask);
    if (network == null || ones == null || network.length != ones.length) {
      return Optional.empty();
    }
    int bits = 0;
    while (bits < ones.length * 8 && bit(ones, bits)) {
      bits++;
    }
    for (int rest = bits; rest < ones.length * 8; rest++) {
      if (bit(ones, rest)) {
        return Optional.empty();
      }
    }
    return Optional.of(new AddressRange(network, bits));
  }

  private static byte @Nullable [] bytes(String literal) {
    try {
      return InetAddress.ofLiteral(literal).getAddress();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static boolean bit(byte[] bytes, int at) {
    return (bytes[at / 8] >> (7 - at % 8) & 1) == 1;
  }

  boolean contains(InetAddress address) {
    byte[] asked = address.getAddress();
    if (asked.length != network.length) {
      return false;
    }
    for (int i = 0; i < prefixBits; i++) {
      if (bit(asked, i) != bit(network, i)) {
        return false;
      }
    }
    return true;
  }

  String address() {
    return text(network);
  }

  String mask() {
    byte[] ones = new byte[network.length];
    for (int i = 0; i < prefixBits; i++) {
      ones[i / 8] |= (byte) (0x80 >> i % 8);
    }
    return text(ones);
  }

  private static String text(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not the length of an address: " + bytes.length, e);
    }
  }
}
