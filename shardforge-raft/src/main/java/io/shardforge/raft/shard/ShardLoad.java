package io.shardforge.raft.shard;

/**
 * How busy a shard is.
 *
 * @param requestsPerSecond lately, {@link #UNKNOWN} where its leader has not led for long enough
 */
public record ShardLoad(long shardId, long requestsPerSecond) {
  /** Not known yet. */
  public static final long UNKNOWN = -1;

  public boolean isKnown() {
    return requestsPerSecond != UNKNOWN;
  }
}
