package io.shardforge.sql.catalog.system;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.sql.catalog.CatalogSnapshot;
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

  /**
   * The catalogs of the other databases, so that what lies in shards can be named, too; none for
   * those who may not read what others do.
   */
  List<CatalogSnapshot> otherDatabases();

  /** What comparing replicas in the background has come to. */
  ScrubReport scrubReport();
}
