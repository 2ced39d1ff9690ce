package io.shardforge.sql.session;

import io.shardforge.raft.kv.EntrySum;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.placement.ReplicaComparison.ReplicaSum;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A check of one table at the timestamp that its statement reads at: that all replicas of each of
 * its shards hold the same, and that its indexes have an entry for each row and no other. Others
 * may write meanwhile.
 */
final class TableVerification {
  /** How long it may take where the statement has no timeout. */
  private static final Duration TIME_MAX = Duration.ofHours(1);

  private final Session session;
  private final TableDescriptor table;
  private final Txn txn;
  private final Deadline deadline;
  private final List<@Nullable Object[]> found = new ArrayList<>();

  TableVerification(Session session, TableDescriptor table) {
    this.session = session;
    this.table = table;
    this.txn = session.transaction().txn();
    this.deadline = session.statementDeadline().earlier(Deadline.after(session.clock(), TIME_MAX));
    if (txn.hasWrites()) {
      throw new ShardForgeException(
          ErrorCode.ACTIVE_SQL_TRANSACTION,
          "shardforge.verify_table cannot run in a transaction that has written");
    }
  }

  /** Rows of relation, shard, node, entries, checksum, what is wrong or null. */
  List<@Nullable Object[]> run() throws InterruptedException {
    Map<IndexDescriptor, EntrySum> held = new LinkedHashMap<>();
    for (IndexDescriptor index : table.indexes()) {
      held.put(index, replicas(index));
    }
    held.remove(table.primaryIndex());
    held.keySet().removeIf(index -> index.state() != IndexDescriptor.State.PUBLIC);
    if (!held.isEmpty()) {
      Map<IndexDescriptor, EntrySum> expected = expected(held.keySet().stream().toList());
      held.forEach((index, sum) -> compare(index, sum, expected.get(index)));
    }
    return found;
  }

  /** Compares the replicas; returns the sum of what the most of them hold. */
  private EntrySum replicas(IndexDescriptor index) throws InterruptedException {
    KeySpan span = KeySpan.ofPrefix(RowCodec.prefix(table, index));
    Map<Long, List<ReplicaSum>> byShard = new LinkedHashMap<>();
    for (ReplicaSum sum : session.services().cluster().sumUp(span, txn.readTimestamp(), deadline)) {
      byShard.computeIfAbsent(sum.shardId(), _ -> new ArrayList<>()).add(sum);
    }
    EntrySum all = new EntrySum();
    for (List<ReplicaSum> replicas : byShard.values()) {
      ReplicaSum right = mostCommon(replicas);
      if (right != null) {
        all.add(right.entries(), right.sum());
      }
      for (ReplicaSum replica : replicas) {
        String problem = replica.unanswered();
        if (problem == null && right != null && !isSame(replica, right)) {
          problem =
              "differs from node %d, which has %d entries with checksum %s"
                  .formatted(right.nodeId(), right.entries(), hex(right.sum()));
        }
        found.add(
            row(
                nameOf(index),
                replica.shardId(),
                replica.nodeId(),
                replica.entries(),
                replica.sum(),
                problem));
      }
    }
    return all;
  }

  private static @Nullable ReplicaSum mostCommon(List<ReplicaSum> replicas) {
    ReplicaSum best = null;
    long most = 0;
    for (ReplicaSum one : replicas) {
      long same =
          one.unanswered() != null
              ? 0
              : replicas.stream().filter(o -> o.unanswered() == null && isSame(one, o)).count();
      if (same > most) {
        most = same;
        best = one;
      }
    }
    return best;
  }

  private static boolean isSame(ReplicaSum a, ReplicaSum b) {
    return a.entries() == b.entries() && a.sum() == b.sum();
  }

  /** The entries that the rows call for. */
  private Map<IndexDescriptor, EntrySum> expected(List<IndexDescriptor> indexes) {
    RowCodec codec = RowCodec.of(table);
    RowReader reader = codec.reader();
    Map<IndexDescriptor, EntrySum> sums = new HashMap<>();
    Map<IndexCodec, EntrySum> byCodec = new HashMap<>();
    for (IndexDescriptor index : indexes) {
      EntrySum sum = new EntrySum();
      sums.put(index, sum);
      byCodec.put(new IndexCodec(codec, index), sum);
    }
    DerivedValues derived =
        session.services().planner().derivedValues(table, session.planContext());
    EvalContext evaluation = session.newExecution(new Object[0]);
    KeyEncoder scratch = new KeyEncoder(64);
    KeySpan rows = KeySpan.ofPrefix(RowCodec.prefix(table, table.primaryIndex()));
    try (KvCursor cursor = txn.scan(rows, false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int i = 0; i < page.rows(); i++) {
          @Nullable Object[] row = reader.read(page.key(i), page.value(i));
          @Nullable Object[] complete = derived.complete(row, evaluation);
          byCodec.forEach((index, sum) -> {
            for (byte[] key : index.entryKeys(complete, scratch)) {
              sum.add(key, index.entryValue(complete, scratch));
            }
          });
        }
      }
    }
    return sums;
  }

  private void compare(IndexDescriptor index, EntrySum held, @Nullable EntrySum expected) {
    if (expected == null) {
      throw new IllegalStateException("index " + index.name() + " was not summed up");
    }
    boolean same = held.entries() == expected.entries() && held.sum() == expected.sum();
    String problem =
        same
            ? null
            : "the rows call for %d entries with checksum %s"
                .formatted(expected.entries(), hex(expected.sum()));
    found.add(row(nameOf(index), null, null, held.entries(), held.sum(), problem));
  }

  /** A table without a primary key has rows, but no index of that name. */
  private String nameOf(IndexDescriptor index) {
    return index.name().isEmpty() ? table.name() : index.name();
  }

  private static @Nullable Object[] row(
      String relation,
      @Nullable Long shard,
      @Nullable Integer node,
      long entries,
      long sum,
      @Nullable String problem) {
    return new @Nullable Object[] {
      relation, shard, node == null ? null : (long) node, entries, hex(sum), problem
    };
  }

  private static String hex(long sum) {
    return "%016x".formatted(sum);
  }
}
