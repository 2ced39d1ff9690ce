package io.shardforge.raft.group;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of this node's members of all groups.
 *
 * @param directory where the logs lie, a directory per group
 * @param nodeId this node
 * @param incarnation how often this node's store was made anew, from 1
 * @param newStore true while the groups of a new store are made; later a missing log means a lost
 *     disk, and the node refuses to go on as if it had never voted
 * @param electionTimeoutMin the least silence of a leader after which a follower stands for
 *     election; heartbeats go out twice as often
 * @param electionTimeoutMax the greatest such silence
 */
public record GroupsConfig(
    Path directory,
    int nodeId,
    int incarnation,
    boolean newStore,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax) {
  /** Short enough to fail over in two seconds, long enough for busy machines and idle clusters. */
  public static final Duration ELECTION_TIMEOUT_MIN = Duration.ofMillis(700);

  public static final Duration ELECTION_TIMEOUT_MAX = Duration.ofMillis(1400);

  public GroupsConfig {
    if (nodeId < 1 || incarnation < 1) {
      throw new IllegalArgumentException("node " + nodeId + " incarnation " + incarnation);
    }
    if (electionTimeoutMin.compareTo(electionTimeoutMax) > 0) {
      throw new IllegalArgumentException("election timeouts are the wrong way round");
    }
  }

  /** The settings of a server. */
  public static GroupsConfig of(Path directory, int nodeId, int incarnation, boolean newStore) {
    return new GroupsConfig(
        directory, nodeId, incarnation, newStore, ELECTION_TIMEOUT_MIN, ELECTION_TIMEOUT_MAX);
  }
}
