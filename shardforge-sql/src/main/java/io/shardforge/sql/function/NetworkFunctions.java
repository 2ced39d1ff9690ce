package io.shardforge.sql.function;

import io.shardforge.sql.type.NetworkAddress;
import io.shardforge.sql.type.NetworkAddressText;
import io.shardforge.sql.type.TypeErrors;

/** Functions and operators of inet and cidr. */
final class NetworkFunctions {
  private NetworkFunctions() {}

  static void register(FunctionTable t) {
    Class<NetworkAddress> a = NetworkAddress.class;
    Class<Long> n = Long.class;
    t.of("network_sub", a, a, (_, x, y) -> x.bits() > y.bits() && x.isWithin(y));
    t.of("network_subeq", a, a, (_, x, y) -> x.isWithin(y));
    t.of("network_sup", a, a, (_, x, y) -> y.bits() > x.bits() && y.isWithin(x));
    t.of("network_supeq", a, a, (_, x, y) -> y.isWithin(x));
    t.of("network_overlap", a, a, (_, x, y) -> x.overlaps(y));
    t.of("inetnot", a, (_, x) -> x.inverted());
    t.of("inetand", a, a, (_, x, y) -> x.and(y));
    t.of("inetor", a, a, (_, x, y) -> x.or(y));
    t.of("inetpl", a, n, (_, x, count) -> x.plus(count));
    t.of("int8pl_inet(int8,inet)", n, a, (_, count, x) -> x.plus(count));
    t.of("inetmi_int8", a, n, (_, x, count) -> x.plus(-count));
    t.of("inetmi", a, a, (_, x, y) -> x.minus(y));
    t.of("inet_same_family", a, a, (_, x, y) -> x.isLike(y));
    t.of("inet_merge", a, a, (_, x, y) -> x.merged(y));
    t.of("inet_abbrev", a, (_, x) -> x.toString());
    t.of("cidr_abbrev", a, (_, x) -> NetworkAddressText.abbreviated(x));
    t.of("network_show", a, (_, x) -> NetworkAddressText.format(x, true));
    t.of("network_host", a, (_, x) -> NetworkAddressText.format(x, false));
    t.of("network_family", a, (_, x) -> x.isVersion6() ? 6L : 4L);
    t.of("network_masklen", a, (_, x) -> (long) x.bits());
    t.of("network_network", a, (_, x) -> x.network());
    t.of("network_broadcast", a, (_, x) -> x.broadcast());
    t.of("network_netmask", a, (_, x) -> x.netmask());
    t.of("network_hostmask", a, (_, x) -> x.hostmask());
    t.of("inet_to_cidr", a, (_, x) -> x.network());
    t.of("inet_set_masklen", a, n, (_, x, bits) -> x.withBits(valid(x, bits)));
    t.of("cidr_set_masklen", a, n, (_, x, bits) -> x.network(valid(x, bits)));
  }

  /** The bits of a network, all that there are for -1. */
  private static int valid(NetworkAddress address, long bits) {
    if (bits < -1 || bits > address.bitsMax()) {
      throw TypeErrors.invalidParameter("invalid mask length: " + bits);
    }
    return bits == -1 ? address.bitsMax() : (int) bits;
  }
}
