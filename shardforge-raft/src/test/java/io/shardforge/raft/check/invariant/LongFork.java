package io.shardforge.raft.check.invariant;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.txn.MicroOp;
import io.shardforge.raft.check.txn.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The judge of groups of registers that are each written once and read together: of two reads of a
 * group, one must have seen all that the other saw. Two that each miss what the other saw are a
 * long fork, which parallel snapshot isolation allows and snapshot isolation does not (Sovran,
 * Power, Aguilera and Li, "Transactional Storage for Geo-Replicated Systems", SOSP 2011).
 */
public final class LongFork {
  private LongFork() {}

  /** A read of a group and the keys in it that had been written. */
  private record View(Operation<Transaction> operation, Set<Object> written) {}

  /** Judges every pair of reads of the same keys. */
  public static Verdict judge(History<Transaction> history, ConsistencyModel model) {
    Findings findings = new Findings();
    Map<Set<Object>, List<View>> groups = new LinkedHashMap<>();
    Set<Object> writtenOnce = new HashSet<>();
    int reads = 0;
    for (Operation<Transaction> operation : history.operations()) {
      Set<Object> read = new LinkedHashSet<>();
      Set<Object> written = new HashSet<>();
      for (MicroOp step : operation.action().steps()) {
        if (step instanceof MicroOp.Read seen) {
          read.add(seen.key());
          if (seen.value() != null) {
            written.add(seen.key());
          }
        } else if (operation.outcome() != Outcome.FAIL && !writtenOnce.add(step.key())) {
          throw new IllegalArgumentException("written more than once: " + step.key());
        }
      }
      if (operation.outcome() == Outcome.OK && !read.isEmpty()) {
        reads++;
        groups.computeIfAbsent(read, _ -> new ArrayList<>()).add(new View(operation, written));
      }
    }
    groups.values().forEach(views -> forks(views, findings));
    findings.remark("%d reads of %d groups".formatted(reads, groups.size()));
    return reads == 0 ? findings.verdict(Verdict.Result.UNKNOWN) : findings.verdict(model);
  }

  /** Views that grow by inclusion are a chain when put in order of their sizes. */
  private static void forks(List<View> views, Findings findings) {
    views.sort(Comparator.comparingInt(view -> view.written().size()));
    for (int i = 1; i < views.size(); i++) {
      View smaller = views.get(i - 1);
      View larger = views.get(i);
      if (!larger.written().containsAll(smaller.written())) {
        findings.add(
            Phenomenon.LONG_FORK,
            () ->
                "operation #%d saw %s and operation #%d saw %s of one group: neither comes first"
                    .formatted(
                        smaller.operation().index(),
                        smaller.operation().action(),
                        larger.operation().index(),
                        larger.operation().action()));
      }
    }
  }
}
