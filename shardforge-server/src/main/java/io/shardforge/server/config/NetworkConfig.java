package io.shardforge.server.config;

import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.Locality;
import java.util.List;

/**
 * The addresses of a node and of those it joins.
 *
 * @param listen where other nodes reach this one
 * @param advertise the same address as the others see it
 * @param join the first nodes of the cluster, in the same order everywhere
 * @param locality the place that the node is in
 */
public record NetworkConfig(
    HostPort listen,
    HostPort advertise,
    HostPort pg,
    HostPort http,
    List<HostPort> join,
    Locality locality) {
  public NetworkConfig {
    join = List.copyOf(join);
  }
}
