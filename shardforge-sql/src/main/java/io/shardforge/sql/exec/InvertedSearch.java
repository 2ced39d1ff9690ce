package io.shardforge.sql.exec;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.KeyDemand;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search of an inverted index for the rows that meet a demand.
 *
 * <p>Of several keys that a row must have, one may belong to few rows and another to nearly all. So
 * their entries are read in turns, a page of each. When one has no more, its rows are the
 * candidates, and others are read on only while that is cheaper than to look at the rows.
 *
 * <pre>
 *   {"k": 17}     name k    |row row row row row row row row .......     given up
 *                 17        |row row|                                    the candidates
 * </pre>
 */
final class InvertedSearch implements AutoCloseable {
  /** What a key takes beyond its bytes. */
  static final long KEY_OVERHEAD = 48;

  /** Entries that are read for what it takes to look at one row. */
  private static final int ENTRIES_A_ROW = 16;

  private final IndexCodec index;
  private final Execution execution;
  private final long keysMax;
  private final KeyEncoder encoder = new KeyEncoder();
  private final KeyDecoder decoder = new KeyDecoder();
  private final List<KvCursor> cursors = new ArrayList<>();
  private long reservedBytes;

  /**
   * @param keysMax more keys are not worth finding
   */
  InvertedSearch(IndexCodec index, Execution execution, long keysMax) {
    this.index = index;
    this.execution = execution;
    this.keysMax = keysMax;
  }

  /** The keys of the rows that may meet a demand, in order; null if that may be nearly all. */
  @Nullable List<byte[]> rowKeys(KeyDemand demand) {
    if (demand.equals(KeyDemand.NOTHING)) {
      return null;
    }
    Entries entries = entries(List.of(demand)).getFirst();
    while (entries.advance()) {
      if (entries.size() > keysMax) {
        return null;
      }
    }
    return entries.isTooMuch()
        ? null
        : entries.found().stream().map(KeyBytes::bytes).sorted(Bytes::compare).toList();
  }

  /** The rows of a demand, as far as they have been read. */
  private abstract static class Entries {
    final Set<KeyBytes> found = new HashSet<>();

    /** Reads some more; false if there is nothing more. */
    abstract boolean advance();

    /** How much was read. */
    long size() {
      return found.size();
    }

    /** All rows, in the end. */
    Set<KeyBytes> found() {
      return found;
    }

    /** Whether it has ended without telling rows apart. */
    boolean isTooMuch() {
      return false;
    }
  }

  /** The entries of some demands; those of keys begin to be read together. */
  private List<Entries> entries(List<KeyDemand> demands) {
    List<KeySpan> spans = new ArrayList<>();
    for (KeyDemand demand : demands) {
      if (demand instanceof KeyDemand.Key key) {
        spans.add(index.entriesOf(key, encoder));
      }
    }
    List<KvCursor> opened = execution.txn().scanAll(spans);
    cursors.addAll(opened);
    List<Entries> entries = new ArrayList<>();
    int next = 0;
    for (KeyDemand demand : demands) {
      entries.add(
          switch (demand) {
            case KeyDemand.Key _ -> new OfKey(opened.get(next++));
            case KeyDemand.All all -> new OfAll(entries(all.demands()));
            case KeyDemand.Any any -> new OfAny(entries(any.demands()));
          });
    }
    return entries;
  }

  private final class OfKey extends Entries {
    private final KvCursor cursor;

    OfKey(KvCursor cursor) {
      this.cursor = cursor;
    }

    @Override
    boolean advance() {
      execution.checkCanceled();
      KvPage page = cursor.next();
      if (page == null) {
        return false;
      }
      long bytes = 0;
      for (int i = 0; i < page.rows(); i++) {
        byte[] key =
            index.rowKey(
                page.buffer(),
                page.keyOffset(i),
                page.keyLength(i),
                page.buffer(),
                page.valueOffset(i),
                page.valueLength(i),
                decoder);
        found.add(new KeyBytes(key));
        bytes += key.length + KEY_OVERHEAD;
      }
      execution.memory().reserve(bytes);
      reservedBytes += bytes;
      return true;
    }
  }

  /** One after the other. */
  private static final class OfAny extends Entries {
    private final List<Entries> parts;
    private int at;
    private boolean tooMuch;

    OfAny(List<Entries> parts) {
      this.parts = parts;
    }

    @Override
    boolean advance() {
      if (at == parts.size()) {
        return false;
      }
      Entries part = parts.get(at);
      if (!part.advance()) {
        tooMuch |= part.isTooMuch();
        found.addAll(part.found());
        at++;
      }
      return true;
    }

    @Override
    long size() {
      return found.size() + (at < parts.size() ? parts.get(at).size() : 0);
    }

    @Override
    boolean isTooMuch() {
      return tooMuch;
    }
  }

  /** In turns, until those with the fewest rows are known. */
  private final class OfAll extends Entries {
    private final List<Entries> open;
    private @Nullable Set<KeyBytes> candidates;
    private boolean tooMuch;

    OfAll(List<Entries> parts) {
      this.open = new ArrayList<>(parts);
    }

    @Override
    boolean advance() {
      if (tooMuch || open.isEmpty()) {
        return false;
      }
      for (Entries part : List.copyOf(open)) {
        if (!part.advance()) {
          open.remove(part);
          if (!part.isTooMuch()) {
            meet(part.found());
          }
        }
      }
      Set<KeyBytes> known = candidates;
      if (known == null) {
        tooMuch = open.stream().allMatch(part -> part.size() > keysMax);
      } else {
        open.removeIf(part -> part.size() > ENTRIES_A_ROW * (long) known.size());
      }
      return true;
    }

    private void meet(Set<KeyBytes> rows) {
      Set<KeyBytes> known = candidates;
      if (known == null) {
        candidates = rows;
      } else {
        known.retainAll(rows);
      }
    }

    @Override
    long size() {
      return candidates == null ? 0 : candidates.size();
    }

    @Override
    Set<KeyBytes> found() {
      return candidates == null ? Set.of() : candidates;
    }

    @Override
    boolean isTooMuch() {
      return tooMuch;
    }
  }

  @Override
  public void close() {
    cursors.forEach(KvCursor::close);
    execution.memory().release(reservedBytes);
    reservedBytes = 0;
  }
}
