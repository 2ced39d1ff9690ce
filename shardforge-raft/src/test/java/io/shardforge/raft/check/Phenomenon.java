package io.shardforge.raft.check;

import static io.shardforge.raft.check.ConsistencyModel.Base.ANY;
import static io.shardforge.raft.check.ConsistencyModel.Base.READ_COMMITTED;
import static io.shardforge.raft.check.ConsistencyModel.Base.READ_UNCOMMITTED;
import static io.shardforge.raft.check.ConsistencyModel.Base.REPEATABLE_READ;
import static io.shardforge.raft.check.ConsistencyModel.Base.SERIALIZABLE;
import static io.shardforge.raft.check.ConsistencyModel.Base.SNAPSHOT_ISOLATION;

import io.shardforge.raft.check.ConsistencyModel.Base;
import io.shardforge.raft.check.ConsistencyModel.Strength;

/**
 * A way for a history to be wrong, under its name in the literature.
 *
 * <p>The G names are Adya's ("Weak Consistency: A Generalized Theory and Optimistic Implementations
 * for Distributed Transactions", 1999); G-nonadjacent and the process and real-time variants are
 * those of Kingsbury and Alvaro ("Elle: Inferring Isolation Anomalies from Experimental
 * Observations", VLDB 2020); internal consistency is from Cerone, Bernardi and Gotsman ("A
 * Framework for Transactional Consistency Models with Atomic Visibility", CONCUR 2015).
 */
public enum Phenomenon {
  /** A cycle of write dependencies. */
  G0("G0", Strength.PLAIN, READ_UNCOMMITTED),
  /** A cycle of write and read dependencies. */
  G1C("G1c", Strength.PLAIN, READ_COMMITTED),
  /** A cycle with one anti-dependency: read skew. */
  G_SINGLE("G-single", Strength.PLAIN, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** A cycle with anti-dependencies, no two of them in a row. */
  G_NONADJACENT("G-nonadjacent", Strength.PLAIN, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** A cycle with anti-dependencies: write skew. */
  G2_ITEM("G2-item", Strength.PLAIN, REPEATABLE_READ),

  /** {@link #G0} with the order within a process. */
  G0_PROCESS("G0-process", Strength.SESSION, READ_UNCOMMITTED),
  /** {@link #G1C} with the order within a process. */
  G1C_PROCESS("G1c-process", Strength.SESSION, READ_COMMITTED),
  /** {@link #G_SINGLE} with the order within a process. */
  G_SINGLE_PROCESS("G-single-process", Strength.SESSION, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** {@link #G_NONADJACENT} with the order within a process. */
  G_NONADJACENT_PROCESS(
      "G-nonadjacent-process", Strength.SESSION, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** {@link #G2_ITEM} with the order within a process. */
  G2_ITEM_PROCESS("G2-item-process", Strength.SESSION, REPEATABLE_READ),

  /** {@link #G0} with the real-time order. */
  G0_REALTIME("G0-realtime", Strength.STRONG, READ_UNCOMMITTED),
  /** {@link #G1C} with the real-time order. */
  G1C_REALTIME("G1c-realtime", Strength.STRONG, READ_COMMITTED),
  /** {@link #G_SINGLE} with the real-time order. */
  G_SINGLE_REALTIME("G-single-realtime", Strength.STRONG, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** {@link #G_NONADJACENT} with the real-time order. */
  G_NONADJACENT_REALTIME(
      "G-nonadjacent-realtime", Strength.STRONG, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** {@link #G2_ITEM} with the real-time order. */
  G2_ITEM_REALTIME("G2-item-realtime", Strength.STRONG, REPEATABLE_READ),

  /** A read of what an aborted transaction wrote. */
  G1A("G1a (aborted read)", Strength.PLAIN, READ_COMMITTED),
  /** A read of a version that its writer replaced before it committed. */
  G1B("G1b (intermediate read)", Strength.PLAIN, READ_COMMITTED),
  /** A committed version made out of an aborted one. */
  DIRTY_UPDATE("dirty update", Strength.PLAIN, READ_COMMITTED),
  /** Two transactions that read the same version of a key and both replaced it. */
  LOST_UPDATE("lost update", Strength.PLAIN, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /**
   * A read that contradicts what its own transaction read or wrote before. Adya's definitions take
   * its absence for granted, so PL-2.99 does not name it; atomic visibility does.
   */
  INTERNAL("internal inconsistency", Strength.PLAIN, SNAPSHOT_ISOLATION),
  /** A read of what its own transaction wrote only afterwards: the shortest G1c. */
  FUTURE_READ("future read", Strength.PLAIN, READ_COMMITTED),
  /** Two reads of a list, neither of which is a prefix of the other. */
  INCOMPATIBLE_ORDER("incompatible order", Strength.PLAIN, READ_COMMITTED),
  /** Versions of a register each of which must come before the other. */
  CYCLIC_VERSIONS("cyclic versions", Strength.PLAIN, READ_UNCOMMITTED),
  /** An element that is in a list more often than it was appended. */
  DUPLICATE_ELEMENTS("duplicate elements", Strength.PLAIN, READ_UNCOMMITTED),
  /** A read of what nobody wrote. */
  GARBAGE_READ("garbage read", Strength.PLAIN, READ_UNCOMMITTED),
  /**
   * An acknowledged append that none of the later reads of its key saw. Isolation alone does not
   * forbid it (stale snapshots may explain it); durability does, at every level that keeps real
   * time.
   */
  LOST_APPEND("lost append", Strength.STRONG, ANY),

  /** Two reads that saw two writes in opposite orders. */
  LONG_FORK("long fork", Strength.PLAIN, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** Operations on one object that no single order explains. */
  NONLINEARIZABLE("not linearizable", Strength.STRONG, SERIALIZABLE),
  /** A read whose balances do not add up to the total. */
  WRONG_TOTAL("wrong total", Strength.PLAIN, SNAPSHOT_ISOLATION, REPEATABLE_READ),
  /** A balance below zero where none may be. */
  NEGATIVE_BALANCE("negative balance", Strength.PLAIN, SERIALIZABLE),
  /** A read that lacks an account or has one too many. */
  WRONG_ACCOUNTS("wrong accounts", Strength.PLAIN, READ_COMMITTED),
  /** An acknowledged element of a set that the last reads do not have. */
  LOST_ELEMENT("lost element", Strength.STRONG, ANY),
  /** An acknowledged element of a set that an early read lacked and a later one has. */
  STALE_ELEMENT("stale element", Strength.STRONG, READ_COMMITTED),
  /** A value that grew while its timestamp did not, or the other way around. */
  NOT_MONOTONIC("not monotonic", Strength.PLAIN, SERIALIZABLE);

  private final String name;
  private final Strength strength;
  private final Base weakest;
  private final Base otherWeakest;

  Phenomenon(String name, Strength strength, Base weakest) {
    this(name, strength, weakest, weakest);
  }

  Phenomenon(String name, Strength strength, Base weakest, Base otherWeakest) {
    this.name = name;
    this.strength = strength;
    this.weakest = weakest;
    this.otherWeakest = otherWeakest;
  }

  Strength strength() {
    return strength;
  }

  boolean isForbiddenBy(Base base) {
    return base.implies(weakest) || base.implies(otherWeakest);
  }

  @Override
  public String toString() {
    return name;
  }
}
