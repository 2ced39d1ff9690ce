package io.shardforge.sql.type;

import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;

/** inet, and cidr, whose values are networks and always tell their size. */
final class NetworkAddressFormat extends TypeFormat {
  private final boolean cidr;

  NetworkAddressFormat(boolean cidr) {
    this.cidr = cidr;
  }

  @Override
  Object parse(String text, int typmod, TypeContext context) {
    return NetworkAddressText.parse(text, cidr);
  }

  @Override
  String format(Object value, TypeContext context) {
    NetworkAddress address = (NetworkAddress) value;
    return cidr ? NetworkAddressText.format(address, true) : address.toString();
  }

  @Override
  void writeBinary(Object value, ByteWriter out, TypeContext context) {
    NetworkAddress address = (NetworkAddress) value;
    out.putByte(address.family());
    out.putByte(address.bits());
    out.putByte(cidr ? 1 : 0);
    out.putByte(address.address().length);
    out.putBytes(address.address());
  }

  @Override
  Object readBinary(ByteBuffer in, int typmod, TypeContext context) {
    int length = NetworkAddress.bytesOf(in.get());
    if (length == 0) {
      throw invalid("address family");
    }
    int bits = in.get() & 0xFF;
    if (bits > length * Byte.SIZE) {
      throw invalid("bits");
    }
    byte _ = in.get();
    if (in.get() != length) {
      throw invalid("length");
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    NetworkAddress address = new NetworkAddress(bytes, bits);
    if (cidr && !address.isNetwork()) {
      throw TypeErrors.invalidBinary("invalid external \"cidr\" value")
          .withDetail("Value has bits set to right of mask.");
    }
    return address;
  }

  private ShardForgeException invalid(String what) {
    String name = cidr ? "cidr" : "inet";
    return TypeErrors.invalidBinary("invalid " + what + " in external \"" + name + "\" value");
  }

  @Override
  int compare(Object a, Object b) {
    return ((NetworkAddress) a).compareTo((NetworkAddress) b);
  }
}
