package io.shardforge.server.security;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The networks that this machine is in, each with the machine's own address in it. */
final class OwnNetworks {
  private OwnNetworks() {}

  static List<AddressRange> read() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(one -> one.getInterfaceAddresses().stream())
          .map(OwnNetworks::range)
          .toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static AddressRange range(InterfaceAddress own) {
    return new AddressRange(own.getAddress().getAddress(), own.getNetworkPrefixLength());
  }
}
