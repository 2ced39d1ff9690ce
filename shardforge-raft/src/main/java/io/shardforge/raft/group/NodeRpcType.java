package io.shardforge.raft.group;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/**
 * Tells the library to send its messages through {@link NodeTransport}. The library makes it by
 * name, which is why it is public, and gets the transport from the server's parameters.
 */
public final class NodeRpcType implements RpcType {
  static final String FACTORY_PARAMETER = "shardforge.transport";

  @Override
  public String name() {
    return NodeRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return parameters.getNonNull(FACTORY_PARAMETER, TransportFactory.class);
  }
}
