package io.shardforge.sql.catalog.system;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.raft.placement.ClusterControl;
import java.util.List;
import java.util.Map;

/**
 * The cluster's shards, nodes and settings, for the schema shardforge. From EvalContext.services().
 */
public interface ShardsView {
  List<ClusterControl.ShardStatus> shards();

  List<ClusterControl.NodeStatus> nodes();

  /** What operators want of nodes; of those that are missing nothing special. */
  Map<Integer, NodeState> nodeStates();

  /** The value of a setting of the cluster. */
  String setting(ClusterSetting setting);

  /** What comparing replicas in the background has come to. */
  ScrubReport scrubReport();
}
