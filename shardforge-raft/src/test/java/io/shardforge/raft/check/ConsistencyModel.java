package io.shardforge.raft.check;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * A promise about histories: an isolation level, and how much of the clients' own order it keeps.
 *
 * <p>Repeatable read is Adya's PL-2.99, not what SQL databases run under that name (that is
 * snapshot isolation). Strong session variants keep the order within a process, strong variants
 * real time.
 */
public enum ConsistencyModel {
  /** PL-1. */
  READ_UNCOMMITTED(Base.READ_UNCOMMITTED, Strength.PLAIN),
  /** PL-2. */
  READ_COMMITTED(Base.READ_COMMITTED, Strength.PLAIN),
  /** PL-SI. */
  SNAPSHOT_ISOLATION(Base.SNAPSHOT_ISOLATION, Strength.PLAIN),
  /** PL-2.99. */
  REPEATABLE_READ(Base.REPEATABLE_READ, Strength.PLAIN),
  /** PL-3. */
  SERIALIZABLE(Base.SERIALIZABLE, Strength.PLAIN),
  /** PL-2 in an order that keeps each process's. */
  STRONG_SESSION_READ_COMMITTED(Base.READ_COMMITTED, Strength.SESSION),
  /** Snapshot isolation in an order that keeps each process's. */
  STRONG_SESSION_SNAPSHOT_ISOLATION(Base.SNAPSHOT_ISOLATION, Strength.SESSION),
  /** Serializability in an order that keeps each process's. */
  STRONG_SESSION_SERIALIZABLE(Base.SERIALIZABLE, Strength.SESSION),
  /** PL-2 in an order that keeps real time. */
  STRONG_READ_COMMITTED(Base.READ_COMMITTED, Strength.STRONG),
  /** Snapshot isolation whose snapshots are never stale. */
  STRONG_SNAPSHOT_ISOLATION(Base.SNAPSHOT_ISOLATION, Strength.STRONG),
  /** Serializability in an order that keeps real time. */
  STRICT_SERIALIZABLE(Base.SERIALIZABLE, Strength.STRONG);

  private final Base base;
  private final Strength strength;

  ConsistencyModel(Base base, Strength strength) {
    this.base = base;
    this.strength = strength;
  }

  /** Whether no history that keeps this promise shows the phenomenon. */
  public boolean forbids(Phenomenon phenomenon) {
    return strength.compareTo(phenomenon.strength()) >= 0 && phenomenon.isForbiddenBy(base);
  }

  /** Whether every history that keeps this promise keeps the other too. */
  public boolean implies(ConsistencyModel other) {
    return strength.compareTo(other.strength) >= 0 && base.implies(other.base);
  }

  /** Every model that the phenomena rule out. */
  public static Set<ConsistencyModel> ruledOut(Collection<Phenomenon> phenomena) {
    Set<ConsistencyModel> models = EnumSet.noneOf(ConsistencyModel.class);
    for (ConsistencyModel model : values()) {
      if (phenomena.stream().anyMatch(model::forbids)) {
        models.add(model);
      }
    }
    return models;
  }

  /** Those of the models that imply no other of them. */
  public static Set<ConsistencyModel> weakest(Set<ConsistencyModel> models) {
    Set<ConsistencyModel> weakest = EnumSet.noneOf(ConsistencyModel.class);
    for (ConsistencyModel model : models) {
      if (models.stream().noneMatch(other -> other != model && model.implies(other))) {
        weakest.add(model);
      }
    }
    return weakest;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The isolation of a model, without any order of the clients. */
  enum Base {
    ANY,
    READ_UNCOMMITTED,
    READ_COMMITTED,
    SNAPSHOT_ISOLATION,
    REPEATABLE_READ,
    SERIALIZABLE;

    /** The one pair out of line: neither of the two above read committed implies the other. */
    boolean implies(Base other) {
      return compareTo(other) >= 0 && !(this == REPEATABLE_READ && other == SNAPSHOT_ISOLATION);
    }
  }

  /** Which order of the clients' own the serial order keeps. */
  enum Strength {
    PLAIN,
    SESSION,
    STRONG
  }
}
