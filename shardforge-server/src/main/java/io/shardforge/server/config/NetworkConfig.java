package io.shardforge.server.config;

import io.shardforge.raft.route.HostPort;
import java.util.List;

/**
 * The addresses of a node and of those it joins.
 *
 * @param listen where other nodes reach this one
 * @param advertise the same address as the others see it
 * @param join the first nodes of the cluster, in the same order everywhere
 */
public record NetworkConfig(
    HostPort listen, HostPort advertise, HostPort pg, HostPort http, List<HostPort> join) {
  public NetworkConfig {
    join = List.copyOf(join);
  }
}
