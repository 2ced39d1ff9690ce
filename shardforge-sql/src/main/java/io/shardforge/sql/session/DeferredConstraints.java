package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot.Reference;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.exec.MemoryBudget;
import io.shardforge.sql.exec.MemoryPool;
import io.shardforge.sql.exec.RowSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which constraints a transaction checks when it commits, and what their checks have found wrong so
 * far: they are checked after each statement as others are, but who violates them has until the
 * commit to put it right. Nothing here is changed in place, so that a savepoint is a look at it.
 */
final class DeferredConstraints {
  /** What a transaction may keep in memory for checks at its commit. */
  static final long BYTES_MAX = 64L << 20;

  /** What a key takes beside its values. */
  private static final long KEY_BYTES = 64;

  private static final State NONE = new State(null, Map.of(), null);

  private final MemoryPool pool;
  private Consumer<List<Violation>> check = _ -> {};
  private @Nullable MemoryBudget memory;
  private State state = NONE;

  DeferredConstraints(MemoryPool pool) {
    this.pool = pool;
  }

  /** Says who fails if what was found is still wrong. */
  void checkedBy(Consumer<List<Violation>> checker) {
    check = checker;
  }

  /** Keys that a constraint found wrong. */
  sealed interface Violation {
    /** The OID of the constraint. */
    int oid();

    Timing timing();

    List<@Nullable Object[]> keys();

    /** Whether it is about a table. */
    boolean concerns(int tableId);

    /** What violations have in common that are looked at together. */
    List<Object> kind();

    /** The same of other keys. */
    Violation withKeys(List<@Nullable Object[]> keys);
  }

  /**
   * Keys that rows refer to and that are not there, or, where they are {@code lost}, that are gone
   * and that rows refer to.
   */
  record Unmatched(Reference reference, boolean lost, List<@Nullable Object[]> keys)
      implements Violation {
    @Override
    public int oid() {
      return reference.key().oid();
    }

    @Override
    public Timing timing() {
      return reference.key().timing();
    }

    @Override
    public boolean concerns(int tableId) {
      return reference.table().id() == tableId || reference.key().referencedTable() == tableId;
    }

    @Override
    public List<Object> kind() {
      return List.of(oid(), lost);
    }

    @Override
    public Unmatched withKeys(List<@Nullable Object[]> other) {
      return new Unmatched(reference, lost, other);
    }
  }

  /** Keys that several rows have. */
  record Duplicates(TableDescriptor table, IndexDescriptor index, List<@Nullable Object[]> keys)
      implements Violation {
    @Override
    public int oid() {
      return index.constraintOid();
    }

    @Override
    public Timing timing() {
      return index.timing();
    }

    @Override
    public boolean concerns(int tableId) {
      return table.id() == tableId;
    }

    @Override
    public List<Object> kind() {
      return List.of(oid());
    }

    @Override
    public Duplicates withKeys(List<@Nullable Object[]> other) {
      return new Duplicates(table, index, other);
    }
  }

  private record Found(Violation violation, @Nullable Found before) {}

  /**
   * All that a savepoint keeps.
   *
   * @param all what SET CONSTRAINTS ALL said last, null if nothing
   * @param byOid what it said of constraints by name since
   */
  record State(@Nullable Boolean all, Map<Integer, Boolean> byOid, @Nullable Found found) {}

  State state() {
    return state;
  }

  void restore(State earlier) {
    state = earlier;
  }

  /** Forgets everything, at the end of the transaction. */
  void clear() {
    state = NONE;
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }

  /** SET CONSTRAINTS ALL. */
  void setAll(boolean deferred) {
    state = new State(deferred, Map.of(), state.found);
  }

  /** SET CONSTRAINTS for one of them. */
  void set(int oid, boolean deferred) {
    Map<Integer, Boolean> byOid = new HashMap<>(state.byOid);
    byOid.put(oid, deferred);
    state = new State(state.all, Map.copyOf(byOid), state.found);
  }

  /** Whether a constraint is checked at the commit now. */
  boolean isDeferred(int oid, Timing timing) {
    if (!timing.deferrable()) {
      return false;
    }
    Boolean said = state.byOid.getOrDefault(oid, state.all);
    return said == null ? timing == Timing.INITIALLY_DEFERRED : said;
  }

  /** Keeps what a check found. */
  void add(Violation violation) {
    MemoryBudget budget = memory;
    if (budget == null) {
      budget = new MemoryBudget(pool, BYTES_MAX);
      memory = budget;
    }
    for (@Nullable Object[] key : violation.keys()) {
      budget.reserve(RowSize.of(key) + KEY_BYTES);
    }
    state = new State(state.all, state.byOid, new Found(violation, state.found));
  }

  /** Whether something is kept that is about a table, on either side. */
  boolean concern(int tableId) {
    for (Found found = state.found; found != null; found = found.before) {
      if (found.violation.concerns(tableId)) {
        return true;
      }
    }
    return false;
  }

  /** Checks all that is kept, before the commit. */
  void checkAll() {
    if (state.found != null) {
      check.accept(take(_ -> true));
    }
  }

  /** Checks what is kept of constraints that are not deferred any more. */
  void checkImmediate() {
    check.accept(take(violation -> !isDeferred(violation.oid(), violation.timing())));
  }

  /** Takes violations out, in the order found, those of one constraint together. */
  private List<Violation> take(Predicate<Violation> which) {
    List<Violation> all = new ArrayList<>();
    for (Found found = state.found; found != null; found = found.before) {
      all.addFirst(found.violation);
    }
    Found kept = null;
    Map<List<Object>, Violation> taken = new LinkedHashMap<>();
    for (Violation violation : all) {
      if (which.test(violation)) {
        Violation together =
            taken.computeIfAbsent(violation.kind(), _ -> violation.withKeys(new ArrayList<>()));
        together.keys().addAll(violation.keys());
      } else {
        kept = new Found(violation, kept);
      }
    }
    state = new State(state.all, state.byOid, kept);
    return List.copyOf(taken.values());
  }
}
