package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.IndexRange;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.IndexLookupJoin}, a batch of left rows at a time: full unique keys are
 * fetched with one request a batch, other keys with a scan each; a key that several rows share is
 * fetched once.
 */
final class IndexLookupJoinOperator implements Operator {
  private final PlanNode.IndexLookupJoin node;
  private final Operator input;
  private final Execution execution;
  private final BatchBuilder out;
  private final IndexCodec index;
  private final RowReader rowReader;
  private final KeyEncoder encoder = new KeyEncoder();
  private final KeyDecoder decoder = new KeyDecoder();
  private final int leftWidth;
  private final boolean isFullKey;
  private final JoinedRow joined;
  private final List<@Nullable Object[]> leftRows = new ArrayList<>();
  private final List<@Nullable KeyBytes> leftKeys = new ArrayList<>();
  private final Map<KeyBytes, List<@Nullable Object[]>> found = new HashMap<>();
  private long reservedBytes;
  private int leftAt;
  private int foundAt;
  private boolean leftMatched;

  IndexLookupJoinOperator(PlanNode.IndexLookupJoin node, Operator input, Execution execution) {
    this.node = node;
    this.input = input;
    this.execution = execution;
    this.out = new BatchBuilder(node.types());
    RowCodec rows = RowCodec.of(node.table());
    this.index = new IndexCodec(rows, node.index());
    this.rowReader = rows.reader(node.columns().stream().mapToInt(Integer::intValue).toArray());
    this.leftWidth = node.input().types().size();
    this.joined = new JoinedRow(leftWidth);
    this.isFullKey = node.index().unique() && node.keys().size() == index.width();
  }

  @Override
  public void open() {
    forget();
    input.open();
  }

  @Override
  public @Nullable RowBatch next() {
    while (!out.isFull()) {
      if (leftAt == leftRows.size() && !nextBatch()) {
        break;
      }
      advance(leftRows.get(leftAt));
    }
    return out.take();
  }

  private boolean nextBatch() {
    forget();
    execution.checkCanceled();
    RowBatch batch = input.next();
    if (batch == null) {
      return false;
    }
    ArrayRow keyRow = new ArrayRow();
    for (int i = 0; i < batch.size(); i++) {
      @Nullable Object[] row = BatchBuilder.row(batch, i);
      leftRows.add(row);
      @Nullable Object[] key = ValuesOperator.evaluate(node.keys(), keyRow.with(row), execution);
      byte[] bytes = isFullKey ? index.uniqueKey(key, encoder) : prefix(key);
      leftKeys.add(bytes == null ? null : new KeyBytes(bytes));
    }
    fetch();
    return true;
  }

  private byte @Nullable [] prefix(@Nullable Object[] key) {
    KeySpan span = new IndexRange(key, null, null).span(index, encoder);
    return span == null ? null : span.start();
  }

  private void fetch() {
    for (KeyBytes key : leftKeys) {
      if (key != null) {
        found.put(key, List.of());
      }
    }
    List<KeyBytes> wanted = new ArrayList<>(found.keySet());
    RelationUse use = execution.use(node.index().oid());
    use.scanned(wanted.size(), execution.statementMicros());
    if (isFullKey) {
      fetchUnique(wanted);
    } else {
      fetchPrefixes(wanted);
    }
    long rows = found.values().stream().mapToLong(List::size).sum();
    use.add(Count.READ, rows);
    use.add(Count.FETCHED, rows);
  }

  private void fetchUnique(List<KeyBytes> wanted) {
    List<byte[]> keys = new ArrayList<>(wanted.size());
    for (KeyBytes key : wanted) {
      keys.add(key.bytes());
    }
    List<KeyBytes> owners = wanted;
    List<byte @Nullable []> values = execution.txn().getAll(keys);
    if (!node.index().primary()) {
      List<byte[]> rowKeys = new ArrayList<>();
      owners = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        byte[] entry = values.get(i);
        if (entry != null) {
          rowKeys.add(index.rowKey(keys.get(i), entry));
          owners.add(wanted.get(i));
        }
      }
      keys = rowKeys;
      values = execution.txn().getAll(keys);
    }
    for (int i = 0; i < keys.size(); i++) {
      byte[] value = values.get(i);
      if (value != null) {
        @Nullable Object[] row = rowReader.read(keys.get(i), value);
        charge(row);
        found.put(owners.get(i), List.<@Nullable Object[]>of(row));
      }
    }
  }

  private void fetchPrefixes(List<KeyBytes> wanted) {
    List<KeySpan> spans = wanted.stream().map(key -> KeySpan.ofPrefix(key.bytes())).toList();
    List<KvCursor> cursors = execution.txn().scanAll(spans);
    List<byte[]> rowKeys = new ArrayList<>();
    List<List<@Nullable Object[]>> targets = new ArrayList<>();
    for (int i = 0; i < cursors.size(); i++) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      found.put(wanted.get(i), rows);
      try (KvCursor cursor = cursors.get(i)) {
        KvPage page;
        while ((page = cursor.next()) != null) {
          execution.checkCanceled();
          for (int at = 0; at < page.rows(); at++) {
            if (node.index().primary()) {
              addRow(page.key(at), page.value(at), rows);
              continue;
            }
            rowKeys.add(rowKey(page, at));
            targets.add(rows);
            if (rowKeys.size() == RowBatch.CAPACITY) {
              fetchRows(rowKeys, targets);
            }
          }
        }
      }
    }
    fetchRows(rowKeys, targets);
  }

  private byte[] rowKey(KvPage page, int row) {
    return index.rowKey(
        page.buffer(),
        page.keyOffset(row),
        page.keyLength(row),
        page.buffer(),
        page.valueOffset(row),
        page.valueLength(row),
        decoder);
  }

  /**
   * Reads the rows of entries, each for the left rows that wait for it, and forgets the entries.
   */
  private void fetchRows(List<byte[]> rowKeys, List<List<@Nullable Object[]>> targets) {
    List<byte @Nullable []> values = execution.txn().getAll(rowKeys);
    for (int i = 0; i < rowKeys.size(); i++) {
      byte[] value = values.get(i);
      if (value == null) {
        throw new ShardForgeException(
            ErrorCode.INDEX_CORRUPTED,
            "index \"" + node.index().name() + "\" has an entry without a row");
      }
      addRow(rowKeys.get(i), value, targets.get(i));
    }
    rowKeys.clear();
    targets.clear();
  }

  private void addRow(byte[] key, byte[] value, List<@Nullable Object[]> target) {
    @Nullable Object[] row = rowReader.read(key, value);
    charge(row);
    target.add(row);
  }

  private void charge(@Nullable Object[] row) {
    long bytes = RowSize.of(row) + 8;
    execution.memory().reserve(bytes);
    reservedBytes += bytes;
  }

  private void advance(@Nullable Object[] left) {
    KeyBytes key = leftKeys.get(leftAt);
    List<@Nullable Object[]> candidates =
        key == null ? List.of() : found.getOrDefault(key, List.of());
    while (foundAt < candidates.size()) {
      @Nullable Object[] candidate = candidates.get(foundAt++);
      Expression condition = node.condition();
      if (condition != null
          && !Boolean.TRUE.equals(condition.eval(joined.with(left, candidate), execution))) {
        continue;
      }
      leftMatched = true;
      switch (node.kind()) {
        case INNER, LEFT -> {
          out.add(left, leftWidth, candidate);
          return;
        }
        case SEMI -> {
          out.add(left);
          nextLeft();
          return;
        }
        case ANTI -> {
          nextLeft();
          return;
        }
        case RIGHT, FULL ->
            throw new ShardForgeException(
                ErrorCode.INTERNAL_ERROR, "an index lookup cannot keep unmatched right rows");
      }
    }
    if (!leftMatched) {
      switch (node.kind()) {
        case LEFT -> out.add(left, leftWidth, null);
        case ANTI -> out.add(left);
        case INNER, SEMI, RIGHT, FULL -> {}
      }
    }
    nextLeft();
  }

  private void nextLeft() {
    leftAt++;
    foundAt = 0;
    leftMatched = false;
  }

  private void forget() {
    leftRows.clear();
    leftKeys.clear();
    found.clear();
    leftAt = 0;
    foundAt = 0;
    leftMatched = false;
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }

  @Override
  public void close() {
    input.close();
    forget();
  }
}
