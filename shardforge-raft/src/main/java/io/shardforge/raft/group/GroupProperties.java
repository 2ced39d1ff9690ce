package io.shardforge.raft.group;

import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The library's settings, chosen for some hundred groups on few cores. */
final class GroupProperties {
  /**
   * Entries between two purges of a log. Purging is asked for after flushes only, so that it need
   * not be kept from happening often; a thousand entries can be hundreds of megabytes.
   */
  static final int PURGE_GAP = 1;

  private static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("1MB");

  /** Memory outside the heap that each group takes; the longest entry must fit. */
  private static final SizeInBytes WRITE_BUFFER_BYTES = SizeInBytes.valueOf("1088KB");

  private static final SizeInBytes SEGMENT_BYTES = SizeInBytes.valueOf("8MB");
  private static final SizeInBytes PREALLOCATED_BYTES = SizeInBytes.valueOf("1MB");
  private static final int CACHED_SEGMENTS = 2;
  private static final int FLUSH_ENTRIES = 1024;
  private static final int SERVER_THREADS = 4;
  private static final int CLIENT_THREADS = 2;
  private static final int PROXY_THREADS = 8;

  /** A pause longer than this makes a leader step down by itself. */
  private static final TimeDuration STEP_DOWN_PAUSE = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /** The silence of a new member after which it is given up, and added again from the start. */
  private static final TimeDuration STAGING_SILENCE = TimeDuration.valueOf(10, TimeUnit.SECONDS);

  /** Entries are proposed once under an id of their own: there is nothing to remember. */
  private static final TimeDuration RETRY_CACHE = TimeDuration.valueOf(1, TimeUnit.SECONDS);

  /** A process that slept for any time goes on; leases protect what it serves. */
  private static final TimeDuration NEVER = TimeDuration.valueOf(3650, TimeUnit.DAYS);

  private GroupProperties() {}

  static RaftProperties of(GroupsConfig config) {
    RaftProperties properties = new RaftProperties();
    long min = config.electionTimeoutMin().toMillis();
    long max = config.electionTimeoutMax().toMillis();
    RaftServerConfigKeys.Rpc.setTimeoutMin(
        properties, TimeDuration.valueOf(min, TimeUnit.MILLISECONDS));
    RaftServerConfigKeys.Rpc.setTimeoutMax(
        properties, TimeDuration.valueOf(max, TimeUnit.MILLISECONDS));
    // After a start nobody leads as a rule, and whoever does is protected by the pre-vote.
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
        properties, TimeDuration.valueOf(min / 4, TimeUnit.MILLISECONDS));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
        properties, TimeDuration.valueOf(max / 2, TimeUnit.MILLISECONDS));
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, STEP_DOWN_PAUSE);
    RaftServerConfigKeys.setCloseThreshold(properties, NEVER);
    RaftServerConfigKeys.setStagingTimeout(properties, STAGING_SILENCE);

    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER_BYTES);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY_BYTES_MAX);
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT_BYTES);
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, PREALLOCATED_BYTES);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SEGMENT_BYTES);
    RaftServerConfigKeys.Log.setForceSyncNum(properties, FLUSH_ENTRIES);
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);

    RaftServerConfigKeys.Log.setPurgeGap(properties, PURGE_GAP);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    // Purging is asked for after a flush: otherwise there is nothing durable to purge up to.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);

    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, RETRY_CACHE);
    RaftServerConfigKeys.ThreadPool.setServerSize(properties, SERVER_THREADS);
    RaftServerConfigKeys.ThreadPool.setClientSize(properties, CLIENT_THREADS);
    RaftServerConfigKeys.ThreadPool.setProxySize(properties, PROXY_THREADS);
    return properties;
  }
}
