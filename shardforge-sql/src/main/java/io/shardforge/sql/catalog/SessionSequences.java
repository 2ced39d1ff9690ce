package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.function.SequenceFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What nextval, currval, lastval and setval do in one session. For the session's thread. */
public final class SessionSequences implements SequenceFunctions {
  /** Sequences whose last value a session remembers. */
  private static final int REMEMBERED_MAX = 10_000;

  private final Sequences sequences;
  private final Supplier<CatalogSnapshot> catalog;
  private final IntSupplier currentRole;
  private final BooleanSupplier readOnly;
  private final Map<Integer, Long> lastValues = new LinkedHashMap<>();
  private int lastSequence;

  public SessionSequences(
      Sequences sequences,
      Supplier<CatalogSnapshot> catalog,
      IntSupplier currentRole,
      BooleanSupplier readOnly) {
    this.sequences = sequences;
    this.catalog = catalog;
    this.currentRole = currentRole;
    this.readOnly = readOnly;
  }

  @Override
  public long nextValue(long oid) {
    SequenceDescriptor sequence = sequence(oid);
    if (!servesIdentity(sequence)) {
      require(sequence, Privilege.USAGE, Privilege.UPDATE);
    }
    requireWritable(sequence, "nextval()");
    long value = sequences.next(sequence);
    remember(sequence, value);
    return value;
  }

  @Override
  public long currentValue(long oid) {
    SequenceDescriptor sequence = sequence(oid);
    require(sequence, Privilege.SELECT, Privilege.USAGE);
    Long value = lastValues.get(sequence.id());
    if (value == null) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "currval of sequence \"" + sequence.name() + "\" is not yet defined in this session");
    }
    return value;
  }

  @Override
  public long lastValue() {
    Long value = lastValues.get(lastSequence);
    if (value == null || catalog.get().relation(lastSequence) == null) {
      throw new ShardForgeException(
          ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
    }
    return value;
  }

  @Override
  public long setValue(long oid, long value, boolean called) {
    SequenceDescriptor sequence = sequence(oid);
    require(sequence, Privilege.UPDATE, Privilege.UPDATE);
    requireWritable(sequence, "setval()");
    sequences.set(sequence, value, called);
    if (called && lastValues.containsKey(sequence.id())) {
      remember(sequence, value);
    }
    return value;
  }

  /** As DISCARD SEQUENCES: nothing has been asked for yet. */
  public void forget() {
    lastValues.clear();
    lastSequence = 0;
  }

  private void remember(SequenceDescriptor sequence, long value) {
    lastValues.put(sequence.id(), value);
    lastSequence = sequence.id();
    if (lastValues.size() > REMEMBERED_MAX) {
      lastValues.remove(lastValues.keySet().iterator().next());
    }
  }

  private SequenceDescriptor sequence(long oid) {
    @Nullable Object relation = catalog.get().relation((int) oid);
    if (relation instanceof SequenceDescriptor sequence) {
      return sequence;
    }
    if (relation == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_TABLE, "could not open relation with OID " + oid);
    }
    throw new ShardForgeException(ErrorCode.WRONG_OBJECT_TYPE, "\"" + oid + "\" is not a sequence");
  }

  /** A read-only transaction changes no sequence but temporary ones. */
  private void requireWritable(SequenceDescriptor sequence, String function) {
    if (!readOnly.getAsBoolean()) {
      return;
    }
    SchemaDescriptor schema = catalog.get().schema(sequence.schemaId());
    if (schema == null || !TemporarySchema.is(schema.name())) {
      throw new ShardForgeException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION,
          "cannot execute " + function + " in a read-only transaction");
    }
  }

  /** Whoever may insert into a table gets values for its identity column. */
  private boolean servesIdentity(SequenceDescriptor sequence) {
    return sequence.ownedByTable() != 0
        && catalog.get().relation(sequence.ownedByTable()) instanceof TableDescriptor table
        && table.columns().stream()
            .anyMatch(c -> c.sequenceId() == sequence.id() && c.identity() != '\0')
        && AccessCheck.of(catalog.get(), currentRole.getAsInt())
            .mayAnyColumn(table, Privilege.INSERT);
  }

  private void require(SequenceDescriptor sequence, Privilege one, Privilege other) {
    AccessCheck access = AccessCheck.of(catalog.get(), currentRole.getAsInt());
    if (!access.mayRelation(sequence, one)) {
      access.requireRelation(sequence, other);
    }
  }
}
