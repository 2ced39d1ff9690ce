package io.shardforge.raft.sim;

import io.shardforge.raft.kv.Isolation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether what clients saw agrees with what the cluster holds in the end, version by version. The
 * commit timestamps say in which order transactions are said to have happened; every promise is
 * checked against that order.
 */
final class HistoryCheck {
  private static final int FAULTS_MAX = 5;

  /** Of every row, the versions by their commit timestamps; an empty one is a deletion. */
  private final Map<String, NavigableMap<Long, String>> versions;

  private final List<Attempt> attempts;
  private final List<String> faults = new ArrayList<>();

  /** The one transaction that has each value. */
  private final Map<String, Attempt> writers = new HashMap<>();

  HistoryCheck(Map<String, NavigableMap<Long, String>> versions, List<Attempt> attempts) {
    this.versions = versions;
    this.attempts = attempts;
  }

  /** What is wrong; empty if nothing is. */
  List<String> run() {
    settleUnknown();
    for (Attempt attempt : attempts) {
      checkReads(attempt);
      if (!attempt.past && attempt.startTs != 0 && attempt.startTs < attempt.knownTs) {
        fault(attempt, "began before " + attempt.knownTs + ", which somebody knew committed");
      }
      if (attempt.state == Attempt.State.COMMITTED) {
        checkWrites(attempt);
      }
    }
    checkVersions();
    checkGuards();
    return faults;
  }

  private void fault(Attempt attempt, String what) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(what + ": " + attempt);
    }
  }

  private NavigableMap<Long, String> versionsOf(String key) {
    return versions.getOrDefault(key, new TreeMap<>());
  }

  private @Nullable String at(String key, long timestamp) {
    Map.Entry<Long, String> entry = versionsOf(key).floorEntry(timestamp);
    return entry == null || entry.getValue().isEmpty() ? null : entry.getValue();
  }

  /** Finds out what became of those whose clients do not know: all of it, or nothing. */
  private void settleUnknown() {
    for (Attempt attempt : attempts) {
      if (attempt.state != Attempt.State.UNKNOWN) {
        continue;
      }
      for (Map.Entry<String, Attempt.Write> write : attempt.writes.entrySet()) {
        String value = write.getValue().value();
        for (Map.Entry<Long, String> version : versionsOf(write.getKey()).entrySet()) {
          if (value != null && version.getValue().equals(value)) {
            attempt.state = Attempt.State.COMMITTED;
            attempt.commitTs = version.getKey();
          }
        }
      }
    }
  }

  private void checkReads(Attempt attempt) {
    for (Attempt.Read read : attempt.reads) {
      String there = at(read.key(), read.readTs());
      if (!Objects.equals(there, read.value())) {
        fault(attempt, "read of " + read + " should have found " + there);
      }
      if (read.readTs() < read.knownTs()) {
        fault(attempt, "read of " + read + " is of a past that was over");
      }
    }
  }

  private void checkWrites(Attempt attempt) {
    if (attempt.writes.isEmpty()) {
      return;
    }
    long commitTs = attempt.commitTs;
    if (commitTs <= attempt.startTs) {
      fault(attempt, "committed before it began");
    }
    attempt.writes.forEach((key, write) -> {
      String wanted = write.value() == null ? "" : write.value();
      if (write.isNothing()) {
        return;
      }
      if (!wanted.equals(versionsOf(key).get(commitTs))) {
        fault(attempt, "write of " + key + " is not there but " + versionsOf(key).get(commitTs));
        return;
      }
      Map.Entry<Long, String> before = versionsOf(key).lowerEntry(commitTs);
      long replaced = before == null || before.getValue().isEmpty() ? 0 : before.getKey();
      if (write.replacesTs() >= 0 && replaced != write.replacesTs()) {
        fault(attempt, "write of " + key + " replaced " + before + " unseen");
      }
      long newest = before == null ? 0 : before.getKey();
      if (attempt.isolation != Isolation.READ_COMMITTED
          && attempt.startTs != 0
          && newest > attempt.startTs) {
        fault(attempt, "write of " + key + " replaced " + before + " of after its snapshot");
      }
    });
    if (attempt.isolation == Isolation.SERIALIZABLE) {
      for (Attempt.Read read : attempt.reads) {
        for (Map.Entry<Long, String> later :
            versionsOf(read.key()).subMap(read.readTs(), false, commitTs, true).entrySet()) {
          boolean own = later.getKey() == commitTs && attempt.writes.containsKey(read.key());
          if (!own) {
            fault(attempt, "what was read had changed by the commit: " + read + " " + later);
          }
        }
      }
    }
  }

  /** Every version is some transaction's that did not fail. */
  private void checkVersions() {
    for (Attempt attempt : attempts) {
      for (Attempt.Write write : attempt.writes.values()) {
        if (write.value() != null) {
          writers.put(write.value(), attempt);
        }
      }
    }
    versions.forEach((key, all) ->
        all.forEach((commitTs, value) -> {
          Attempt writer = writers.get(value);
          if (value.isEmpty()) {
            return;
          }
          if (writer == null) {
            faults.add("nobody wrote " + key + "=" + value);
          } else if (writer.state != Attempt.State.COMMITTED) {
            fault(writer, "what failed or was taken back is there: " + key + "=" + value);
          } else if (writer.commitTs != commitTs) {
            fault(writer, "a part of it committed at " + commitTs + ": " + key + "=" + value);
          }
        }));
  }

  /** Two that held the same guard did so one after the other. */
  private void checkGuards() {
    Map<String, List<Attempt>> holders = new TreeMap<>();
    Map<Attempt, Map<String, Long>> since = new HashMap<>();
    for (Attempt attempt : attempts) {
      if (attempt.state == Attempt.State.COMMITTED) {
        for (Attempt.Lock lock : attempt.locks) {
          Map<String, Long> own = since.computeIfAbsent(attempt, _ -> new TreeMap<>());
          if (own.putIfAbsent(lock.key(), lock.step()) == null) {
            holders.computeIfAbsent(lock.key(), _ -> new ArrayList<>()).add(attempt);
          }
        }
      }
    }
    holders.forEach((key, all) -> {
      for (Attempt one : all) {
        for (Attempt other : all) {
          long from = since.getOrDefault(other, Map.of()).getOrDefault(key, 0L);
          long begin = since.getOrDefault(one, Map.of()).getOrDefault(key, 0L);
          if (one != other && begin < from && from < one.commitStep) {
            fault(one, "the lock of " + key + " was taken by " + other + " meanwhile");
          }
        }
      }
    });
  }
}
