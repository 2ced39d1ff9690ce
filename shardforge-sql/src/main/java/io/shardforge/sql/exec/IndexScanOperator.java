package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.catalog.RelationUse.Count;
import io.shardforge.sql.expr.ColumnVector;
import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.PlanNode;
import io.shardforge.sql.plan.PlanNode.RowLock;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.IndexReader;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.row.RowReader;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link PlanNode.IndexScan}: decodes the pages of a scan into batches. Rows of an index that
 * lacks columns are fetched a batch at a time. With a lock, rows that pass the filter are locked,
 * as many as are wanted, and one that has changed since the snapshot restarts the statement or is
 * judged again on its newest version.
 */
final class IndexScanOperator implements Operator {
  /** Pages that a scan reads before others help it: most scans are shorter. */
  private static final int PAGES_ALONE = 2;

  /** Chosen rows that are read at once even if fewer are wanted: not all pass the filter. */
  private static final int CHOSEN_LEAST = 32;

  private final PlanNode.IndexScan node;
  private final Execution execution;
  private final boolean readsTable;
  private final RelationUse use;
  private final RowCodec rows;
  private final IndexCodec index;
  private final int[] ordinals;
  private final RowReader rowReader;
  private final @Nullable IndexReader coveringReader;
  private final @Nullable BatchFilter filter;
  private final int capacity;
  private final long goal;
  private final @Nullable PartialAggregation aggregation;
  private final LeafWork.@Nullable First first;
  private final KeyDecoder keyDecoder = new KeyDecoder();
  private final List<byte[]> rowKeys = new ArrayList<>();
  private @Nullable List<byte[]> chosen;
  private int nextChosen;
  private int chosenAtOnce;
  private List<KeySpan> spans = List.of();
  private int nextSpan;
  private @Nullable KvCursor cursor;
  private @Nullable KvPage page;
  private int pageRow;
  private boolean pageIsPicked;
  private PageReader.@Nullable PickedRows pickedRows;
  private @Nullable RowBatch decoded;
  private @Nullable BatchBuilder locked;
  private @Nullable ColumnVector verdicts;
  private int decodedCapacity;
  private int decodedRow;
  private int decodedSize;
  private long emitted;
  private int pages;
  private @Nullable ScanAhead ahead;
  private @Nullable LeafWork leafWork;
  private byte @Nullable [] leafBytes;

  /**
   * @param goal how many rows will be wanted, 0 if unknown
   * @param aggregation what may be done with the rows of whole pages, if anything may
   * @param first which rows suffice of each page, null for all
   */
  IndexScanOperator(
      PlanNode.IndexScan node,
      Execution execution,
      long goal,
      @Nullable PartialAggregation aggregation,
      LeafWork.@Nullable First first) {
    this.node = node;
    this.aggregation = aggregation;
    this.first = first;
    this.execution = execution;
    this.goal = node.limitHint() > 0 ? node.limitHint() : goal;
    this.readsTable = node.index().primary() && node.ranges().isEmpty();
    this.use = execution.use(readsTable ? node.table().id() : node.index().oid());
    this.rows = RowCodec.of(node.table());
    this.index = new IndexCodec(rows, node.index());
    this.ordinals = node.columns().stream().mapToInt(Integer::intValue).toArray();
    this.rowReader = rows.reader(ordinals);
    this.coveringReader =
        !node.index().primary() && node.lock() == null && index.covers(ordinals)
            ? index.reader(ordinals)
            : null;
    this.filter =
        node.filter() == null || node.lock() != null
            ? null
            : new BatchFilter(node.filter(), node.types(), execution);
    this.capacity =
        this.goal > 0 && node.filter() == null
            ? (int) Math.min(this.goal, RowBatch.CAPACITY)
            : RowBatch.CAPACITY;
  }

  /** Opens it for the rows with some keys alone, as far as there are any, instead of ranges. */
  void openAt(List<byte[]> keys) {
    open();
    chosen = keys;
    nextChosen = 0;
    chosenAtOnce = goal > 0 ? Math.clamp(goal, CHOSEN_LEAST, capacity) : capacity;
  }

  @Override
  public void open() {
    close();
    chosen = null;
    spans = KeyRanges.spans(node.ranges(), index, NoRow.INSTANCE, execution, new KeyEncoder());
    nextSpan = 0;
    decodedRow = 0;
    decodedSize = 0;
    emitted = 0;
    pages = 0;
    ahead = null;
    leafWork = null;
    use.scanned(1, execution.statementMicros());
    if (filter != null) {
      filter.open();
    }
  }

  @Override
  public @Nullable RowBatch next() {
    if (filter != null) {
      filter.checkFailure();
    }
    while (true) {
      execution.checkCanceled();
      if (node.lock() != null) {
        if (decodedRow == decodedSize && !fill()) {
          return null;
        }
        RowBatch batch = lockSome(node.lock());
        if (batch != null) {
          emitted += batch.size();
          return batch;
        }
        continue;
      }
      if (ahead == null && isLong()) {
        ahead = readAhead();
      }
      if (ahead != null) {
        return ahead.next();
      }
      if (!fill()) {
        return null;
      }
      RowBatch batch = decoded;
      if (batch != null && filter != null) {
        batch = filter.apply(batch);
      }
      if (batch != null) {
        return batch;
      }
    }
  }

  /** Decodes the next rows into {@link #decoded}; false at the end. */
  private boolean fill() {
    RowBatch batch = decoded;
    if (batch == null
        || (decodedCapacity < capacity && (decodedSize == decodedCapacity || chosen != null))) {
      decodedCapacity = batch == null ? Math.min(BatchBuilder.FIRST_CAPACITY, capacity) : capacity;
      batch = BatchBuilder.newBatch(node.types(), decodedCapacity);
      decoded = batch;
    } else {
      for (int i = 0; i < batch.width(); i++) {
        batch.column(i).clear();
      }
    }
    if (chosen != null) {
      return fillChosen(batch, chosen);
    }
    boolean keepsKeys = node.lock() != null || (!node.index().primary() && coveringReader == null);
    rowKeys.clear();
    int size = 0;
    while (size < decodedCapacity) {
      KvPage current = page;
      if (current == null || pageRow == current.rows()) {
        // What is there goes out before a wait for more, or before others go on.
        if (size > 0 && current != null && (goal > 0 || isLong())) {
          break;
        }
        if (!nextPage()) {
          break;
        }
        continue;
      }
      byte[] buffer = current.buffer();
      int row = pageRow++;
      if (pageIsPicked) {
        // They pass the filter that is to come.
        pickedRows().decode(current, row, batch, size++);
        continue;
      }
      int keyAt = current.keyOffset(row);
      int keyLength = current.keyLength(row);
      int valueAt = current.valueOffset(row);
      int valueLength = current.valueLength(row);
      if (node.index().primary()) {
        rowReader.readInto(buffer, keyAt, keyLength, buffer, valueAt, valueLength, batch, size);
        if (keepsKeys) {
          rowKeys.add(current.key(row));
        }
      } else if (coveringReader != null) {
        coveringReader.readInto(
            buffer, keyAt, keyLength, buffer, valueAt, valueLength, batch, size);
      } else {
        rowKeys.add(
            index.rowKey(buffer, keyAt, keyLength, buffer, valueAt, valueLength, keyDecoder));
      }
      size++;
    }
    if (!node.index().primary() && coveringReader == null && size > 0) {
      fetchRows(batch);
    }
    batch.setSize(size);
    decodedRow = 0;
    decodedSize = size;
    return size > 0;
  }

  private PageReader.PickedRows pickedRows() {
    PageReader.PickedRows decoder = pickedRows;
    if (decoder == null) {
      decoder = new PageReader.PickedRows(node.types());
      pickedRows = decoder;
    }
    return decoder;
  }

  private boolean fillChosen(RowBatch batch, List<byte[]> keys) {
    rowKeys.clear();
    int size = 0;
    while (size == 0 && nextChosen < keys.size()) {
      int end = Math.min(keys.size(), nextChosen + Math.min(chosenAtOnce, decodedCapacity));
      List<byte[]> some = keys.subList(nextChosen, end);
      List<byte @Nullable []> values = execution.txn().getAll(some);
      for (int i = 0; i < values.size(); i++) {
        byte[] key = some.get(i);
        byte[] value = values.get(i);
        if (value != null) {
          rowReader.readInto(key, 0, key.length, value, 0, value.length, batch, size++);
          rowKeys.add(key);
        }
      }
      nextChosen = end;
      chosenAtOnce = Math.min(capacity, 2 * chosenAtOnce);
    }
    batch.setSize(size);
    decodedRow = 0;
    decodedSize = size;
    return size > 0;
  }

  /**
   * Whether so much has been read, to the end of a page, that the rest is worth several threads.
   */
  private boolean isLong() {
    KvPage current = page;
    return chosen == null
        && pages >= PAGES_ALONE
        && current != null
        && pageRow == current.rows()
        && goal == 0
        && node.lock() == null
        && (node.index().primary() || coveringReader != null);
  }

  private ScanAhead readAhead() {
    return new ScanAhead(
        this::nextAhead,
        span -> execution.txn().scan(span, node.reverse(), 0),
        context ->
            newReader(
                context,
                aggregation == null ? null : new PageAggregate(aggregation.work(), context)),
        own -> newReader(own, null),
        execution,
        aggregation);
  }

  private @Nullable ScanPage nextAhead() {
    KvPage current = nextPage() ? page : null;
    return current == null || cursor == null ? null : ScanPage.of(current, cursor);
  }

  /** Has other nodes do what they can with the rows that come next. */
  private void delegate(KvCursor scan) {
    boolean toEnd = ahead != null;
    if (node.reverse() || !(toEnd || searches())) {
      return;
    }
    GroupWork groups = aggregation == null || aggregation.hasEnded() ? null : aggregation.work();
    if (leafWork == null || (groups == null) != (leafWork.groups() == null)) {
      leafWork = LeafWork.of(node, goal, first, groups);
      leafBytes = leafWork.isWorthwhile() ? leafWork.toBytes(execution) : null;
    }
    scan.work(leafBytes, toEnd);
  }

  /** Whether some rows are looked for and none has been found in the first page. */
  private boolean searches() {
    return chosen == null
        && goal > 0
        && pages > 0
        && node.filter() != null
        && node.lock() == null
        && (node.index().primary() || coveringReader != null);
  }

  private PageReader newReader(EvalContext context, @Nullable PageAggregate aggregate) {
    return new PageReader(newDecoder(), node.filter(), node.types(), context, aggregate);
  }

  private PageReader.Decoder newDecoder() {
    return coveringReader == null
        ? PageReader.Decoder.of(rows.reader(ordinals))
        : PageReader.Decoder.of(index.reader(ordinals));
  }

  private void fetchRows(RowBatch batch) {
    List<byte @Nullable []> values = execution.txn().getAll(rowKeys);
    for (int i = 0; i < values.size(); i++) {
      byte[] key = rowKeys.get(i);
      byte[] value = values.get(i);
      if (value == null) {
        throw new ShardForgeException(
            ErrorCode.INDEX_CORRUPTED,
            "index \""
                + node.index().name()
                + "\" has an entry without a row: "
                + Bytes.toHex(key));
      }
      rowReader.readInto(key, 0, key.length, value, 0, value.length, batch, i);
    }
  }

  private boolean nextPage() {
    while (true) {
      KvCursor current = cursor;
      if (current != null) {
        delegate(current);
        KvPage next = current.next();
        if (next != null) {
          page = next;
          pageRow = 0;
          pageIsPicked = current.workedRows() >= 0;
          pages++;
          long worked = current.workedRows();
          long read = worked < 0 ? next.rows() : worked;
          use.add(Count.READ, read);
          if (!readsTable && coveringReader == null) {
            use.add(Count.FETCHED, read);
          }
          return true;
        }
        current.close();
        cursor = null;
        page = null;
      }
      if (nextSpan == spans.size()) {
        return false;
      }
      execution.checkCanceled();
      int at = node.reverse() ? spans.size() - 1 - nextSpan : nextSpan;
      nextSpan++;
      // More than that would be a read that the commit has to prove, for nothing.
      boolean bounded = goal > 0 && node.filter() == null;
      int hint = bounded ? (int) Math.min(goal, Integer.MAX_VALUE) : 0;
      cursor = execution.txn().scan(spans.get(at), node.reverse(), hint);
    }
  }

  /** Locks the next rows that pass the filter and returns those that it got, or null if none. */
  private @Nullable RowBatch lockSome(RowLock lock) {
    RowBatch batch = decoded;
    if (batch == null) {
      return null;
    }
    if (decodedRow == 0) {
      judge(batch);
    }
    ColumnVector passes = verdicts;
    long wanted = goal > 0 ? Math.max(1, goal - emitted) : RowLocks.BATCH_MAX;
    List<byte[]> keys = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    while (decodedRow < decodedSize && keys.size() < wanted) {
      int row = decodedRow++;
      if (passes == null || (!passes.isNull(row) && passes.longs()[row] != 0)) {
        keys.add(rowKeys.get(row));
        positions.add(row);
      }
    }
    if (keys.isEmpty()) {
      return null;
    }
    List<LockedRow> grants = RowLocks.take(node.table(), keys, lock, node.lockPolicy(), execution);
    BatchBuilder out = locked;
    if (out == null) {
      out = new BatchBuilder(node.types(), capacity);
      locked = out;
    }
    for (int i = 0; i < grants.size(); i++) {
      LockedRow grant = grants.get(i);
      if (grant.skipped()) {
        continue;
      }
      if (!grant.newer()) {
        out.add(batch, positions.get(i));
        continue;
      }
      if (execution.restartsOnChange()) {
        throw new StatementRestart();
      }
      @Nullable Object[] newest = recheck(grant);
      if (newest != null) {
        out.add(newest);
      }
    }
    return out.take();
  }

  private void judge(RowBatch batch) {
    Expression condition = node.filter();
    if (condition == null) {
      return;
    }
    ColumnVector result = verdicts;
    if (result == null) {
      result = new ColumnVector(ColumnVector.Layout.BOOLEAN, capacity);
      verdicts = result;
    }
    result.clear();
    condition.evalBatch(batch, execution, result);
  }

  /**
   * The newest version of a row if it is still one that the scan looks for, else null: the filter
   * has all conditions unless keys of rows themselves were read.
   */
  private @Nullable Object @Nullable [] recheck(LockedRow grant) {
    byte[] value = grant.value();
    if (value == null) {
      return null;
    }
    @Nullable Object[] row = rowReader.read(grant.key(), value);
    Expression condition = node.filter();
    return condition == null || Boolean.TRUE.equals(condition.eval(new ArrayRow(row), execution))
        ? row
        : null;
  }

  @Override
  public void close() {
    if (cursor != null) {
      cursor.close();
      cursor = null;
    }
    page = null;
    pageRow = 0;
  }
}
