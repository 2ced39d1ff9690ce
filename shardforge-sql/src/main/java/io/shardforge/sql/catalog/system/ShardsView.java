package io.shardforge.sql.catalog.system;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.placement.ClusterControl;
import java.util.List;

/**
 * The cluster's shards, nodes and settings, for the schema shardforge. From EvalContext.services().
 */
public interface ShardsView {
  List<ClusterControl.ShardStatus> shards();

  List<ClusterControl.NodeStatus> nodes();

  /** The value of a setting of the cluster. */
  String setting(ClusterSetting setting);
}
