package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value of inet or cidr: an address of IPv4 or IPv6, and how many of its bits, from the left,
 * name the network that it is in. Immutable; who makes one gives its bytes away.
 */
public final class NetworkAddress implements Comparable<NetworkAddress> {
  private static final int BYTES_4 = 4;
  private static final int BYTES_6 = 16;

  /** What the families are called in binary forms. */
  private static final int FAMILY_4 = 2;

  private static final int FAMILY_6 = 3;

  private final byte[] address;
  private final int bits;

  /**
   * An address.
   *
   * @param address four bytes or sixteen
   */
  public NetworkAddress(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** An address as Java writes it, perhaps with the interface that it is reached by. */
  public static NetworkAddress ofHost(String host) {
    int zone = host.indexOf('%');
    return NetworkAddressText.parse(zone < 0 ? host : host.substring(0, zone), false);
  }

  /** The bytes themselves, not to be changed. */
  public byte[] address() {
    return address;
  }

  /** How many bits name the network. */
  public int bits() {
    return bits;
  }

  /** How many bits there are. */
  public int bitsMax() {
    return address.length * Byte.SIZE;
  }

  public boolean isVersion6() {
    return address.length == BYTES_6;
  }

  /** As binary forms name it. */
  public int family() {
    return isVersion6() ? FAMILY_6 : FAMILY_4;
  }

  /** How many bytes an address of a family has, 0 if there is no such family. */
  static int bytesOf(int family) {
    return family == FAMILY_4 ? BYTES_4 : family == FAMILY_6 ? BYTES_6 : 0;
  }

  /** The same address in a network of another size. */
  public NetworkAddress withBits(int newBits) {
    return new NetworkAddress(address, newBits);
  }

  /** The network: all other bits are zeros. */
  public NetworkAddress network() {
    return network(bits);
  }

  /** The network of the first bits. */
  public NetworkAddress network(int newBits) {
    return new NetworkAddress(combined(address, mask(newBits), (a, b) -> a & b), newBits);
  }

  /** Whether no bit is set but those of the network. */
  public boolean isNetwork() {
    return Arrays.equals(address, network().address);
  }

  /** The last address of the network. */
  public NetworkAddress broadcast() {
    return new NetworkAddress(combined(address, mask(bits), (a, b) -> a | ~b), bits);
  }

  /** Ones where the network's bits are. */
  public NetworkAddress netmask() {
    return new NetworkAddress(mask(bits), bitsMax());
  }

  /** Ones where the network's bits are not. */
  public NetworkAddress hostmask() {
    return netmask().inverted();
  }

  private byte[] mask(int ones) {
    byte[] mask = new byte[address.length];
    for (int i = 0; i < mask.length; i++) {
      int count = Math.clamp(ones - i * Byte.SIZE, 0, Byte.SIZE);
      mask[i] = (byte) (0xFF << (Byte.SIZE - count));
    }
    return mask;
  }

  private static byte[] combined(byte[] a, byte[] b, IntBinaryOperator each) {
    byte[] out = new byte[a.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) each.applyAsInt(a[i], b[i]);
    }
    return out;
  }

  public NetworkAddress inverted() {
    return new NetworkAddress(combined(address, address, (a, _) -> ~a), bits);
  }

  public NetworkAddress and(NetworkAddress other) {
    return combined(other, "AND", (a, b) -> a & b);
  }

  public NetworkAddress or(NetworkAddress other) {
    return combined(other, "OR", (a, b) -> a | b);
  }

  private NetworkAddress combined(NetworkAddress other, String verb, IntBinaryOperator each) {
    requireFamily(other, verb);
    return new NetworkAddress(combined(address, other.address, each), Math.max(bits, other.bits));
  }

  private void requireFamily(NetworkAddress other, String verb) {
    if (!isLike(other)) {
      throw TypeErrors.invalidParameter("cannot " + verb + " inet values of different sizes");
    }
  }

  /** The address so many after this one. */
  public NetworkAddress plus(long count) {
    BigInteger sum = new BigInteger(1, address).add(BigInteger.valueOf(count));
    if (sum.signum() < 0 || sum.bitLength() > bitsMax()) {
      throw resultOutOfRange();
    }
    byte[] out = new byte[address.length];
    byte[] number = sum.toByteArray();
    int length = Math.min(out.length, number.length);
    System.arraycopy(number, number.length - length, out, out.length - length, length);
    return new NetworkAddress(out, bits);
  }

  /** How many addresses after another one this is; of IPv6 the numbers are of 128 bits and wrap. */
  public long minus(NetworkAddress other) {
    requireFamily(other, "subtract");
    ByteBuffer a = ByteBuffer.wrap(address);
    ByteBuffer b = ByteBuffer.wrap(other.address);
    if (!isVersion6()) {
      return Integer.toUnsignedLong(a.getInt()) - Integer.toUnsignedLong(b.getInt());
    }
    long high = a.getLong() - b.getLong();
    long x = a.getLong();
    long y = b.getLong();
    long low = x - y;
    high -= Long.compareUnsigned(x, y) < 0 ? 1 : 0;
    if (high != low >> (Long.SIZE - 1)) {
      throw resultOutOfRange();
    }
    return low;
  }

  private static ShardForgeException resultOutOfRange() {
    return TypeErrors.of(ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "result is out of range");
  }

  /** Whether both are of IPv4 or both of IPv6. */
  public boolean isLike(NetworkAddress other) {
    return address.length == other.address.length;
  }

  /** Whether one of the networks is in the other one. */
  public boolean overlaps(NetworkAddress other) {
    int shorter = Math.min(bits, other.bits);
    return isLike(other) && commonBits(other, shorter) == shorter;
  }

  /** Whether the network is that of the other one, or in it. */
  public boolean isWithin(NetworkAddress other) {
    return bits >= other.bits && overlaps(other);
  }

  /** The smallest network with both in it. */
  public NetworkAddress merged(NetworkAddress other) {
    if (!isLike(other)) {
      throw TypeErrors.invalidParameter("cannot merge addresses from different families");
    }
    return network(commonBits(other, Math.min(bits, other.bits)));
  }

  private int commonBits(NetworkAddress other, int most) {
    int common = 0;
    for (int i = 0; i < address.length && common < most; i++) {
      int difference = (address[i] ^ other.address[i]) & 0xFF;
      common += Integer.numberOfLeadingZeros(difference) - (Integer.SIZE - Byte.SIZE);
      if (difference != 0) {
        break;
      }
    }
    return Math.min(common, most);
  }

  /**
   * Bytes in the order of the values: the family, the network, its size, and the address if it is
   * not that of the network.
   */
  public byte[] key() {
    byte[] network = network().address;
    boolean whole = Arrays.equals(network, address);
    ByteBuffer out = ByteBuffer.allocate(2 + address.length * (whole ? 1 : 2));
    out.put((byte) family()).put(network).put((byte) bits);
    if (!whole) {
      out.put(address);
    }
    return out.array();
  }

  /** The value of {@link #key}. */
  public static NetworkAddress ofKey(byte[] key) {
    int length = bytesOf(key[0]);
    int from = key.length > 2 + length ? 2 + length : 1;
    return new NetworkAddress(Arrays.copyOfRange(key, from, from + length), key[1 + length] & 0xFF);
  }

  /** By family, by the bits that both networks have, by how many these are, by all bits. */
  @Override
  public int compareTo(NetworkAddress other) {
    if (!isLike(other)) {
      return Integer.compare(address.length, other.address.length);
    }
    int shorter = Math.min(bits, other.bits);
    if (commonBits(other, shorter) == shorter && bits != other.bits) {
      return Integer.compare(bits, other.bits);
    }
    return Arrays.compareUnsigned(address, other.address);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NetworkAddress that
        && bits == that.bits
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return 31 * bits + Arrays.hashCode(address);
  }

  /** As inet writes it. */
  @Override
  public String toString() {
    return NetworkAddressText.format(this, bits != bitsMax());
  }
}
