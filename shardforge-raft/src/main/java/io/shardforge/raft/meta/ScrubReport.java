package io.shardforge.raft.meta;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the comparison of all replicas has come, and what it has found.
 *
 * @param shardId the shard that is being compared, 0 between two passes
 * @param shardsDone the shards that were compared in this pass
 * @param bytesDone what was read for that on one replica of each
 * @param millis for how long this pass has been going on, or how long the last one took
 * @param passes the passes that were made
 * @param endedMillis when the last pass ended, in milliseconds of the wall clock; 0 for never
 * @param findings what was found, the newest first
 */
public record ScrubReport(
    long shardId,
    long shardsDone,
    long bytesDone,
    long millis,
    long passes,
    long endedMillis,
    List<Finding> findings) {
  /** Before the first pass. */
  public static final ScrubReport NONE = new ScrubReport(0, 0, 0, 0, 0, 0, List.of());

  /** The findings that are kept. */
  public static final int FINDINGS_MAX = 50;

  public ScrubReport {
    findings = List.copyOf(findings.subList(0, Math.min(FINDINGS_MAX, findings.size())));
  }

  /**
   * Replicas of a shard that are not the same.
   *
   * @param odd the nodes whose replicas are unlike those of the majority; all that were compared if
   *     there is no majority
   * @param isRebuilt whether the odd replica was sent away, to be copied anew
   * @param atMillis when, in milliseconds of the wall clock
   */
  public record Finding(
      long shardId, List<Integer> odd, String words, boolean isRebuilt, long atMillis) {
    public Finding {
      odd = List.copyOf(odd);
    }
  }

  /** The same with one more finding. */
  public ScrubReport with(Finding finding) {
    List<Finding> all = new ArrayList<>();
    all.add(finding);
    all.addAll(findings);
    return new ScrubReport(
        shardId,
        shardsDone,
        bytesDone,
        millis,
        passes,
        endedMillis,
        all.subList(0, Math.min(FINDINGS_MAX, all.size())));
  }

  byte[] toBytes() {
    WireWriter out = new WireWriter(64);
    out.putVarint(shardId)
        .putVarint(shardsDone)
        .putVarint(bytesDone)
        .putVarint(millis)
        .putVarint(passes)
        .putVarint(endedMillis)
        .putVarint(findings.size());
    for (Finding finding : findings) {
      out.putVarint(finding.shardId())
          .putString(finding.words())
          .putBoolean(finding.isRebuilt())
          .putVarint(finding.atMillis())
          .putVarint(finding.odd().size());
      finding.odd().forEach(out::putVarint);
    }
    return out.toByteArray();
  }

  static ScrubReport fromBytes(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    long shardId = in.readVarint();
    long shardsDone = in.readVarint();
    long bytesDone = in.readVarint();
    long millis = in.readVarint();
    long passes = in.readVarint();
    long endedMillis = in.readVarint();
    int count = in.readCount();
    List<Finding> findings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long shard = in.readVarint();
      String words = in.readString();
      boolean isRebuilt = in.readBoolean();
      long at = in.readVarint();
      int nodes = in.readCount();
      List<Integer> odd = new ArrayList<>(nodes);
      for (int n = 0; n < nodes; n++) {
        odd.add(in.readInt());
      }
      findings.add(new Finding(shard, odd, words, isRebuilt, at));
    }
    in.expectEnd();
    return new ScrubReport(shardId, shardsDone, bytesDone, millis, passes, endedMillis, findings);
  }
}
