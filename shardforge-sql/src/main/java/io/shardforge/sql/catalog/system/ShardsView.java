package io.shardforge.sql.catalog.system;

import io.shardforge.raft.placement.ClusterControl;
import java.util.List;

/** The cluster's shards and nodes, for the schema shardforge. From EvalContext.services(). */
public interface ShardsView {
  List<ClusterControl.ShardStatus> shards();

  List<ClusterControl.NodeStatus> nodes();
}
