package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import java.util.EnumSet;
import java.util.Set;

/**
 * The judge of transactions that write unique values to registers and read them.
 *
 * <p>A read shows one version only, so the order of versions must be inferred (Kingsbury and
 * Alvaro, section 5): the initial state comes first, and the rest follows from what the caller may
 * assume of single keys. Without assumptions few cycles can be found; with a wrong one, cycles are
 * reported that do not exist.
 */
public final class RwRegister {
  private RwRegister() {}

  /**
   * Judges whether a history keeps what a model promises, assuming of single keys what is given.
   */
  public static Verdict judge(
      History<Transaction> history, ConsistencyModel model, Set<KeyOrder> assumptions) {
    Findings findings = new Findings();
    Set<KeyOrder> given = EnumSet.noneOf(KeyOrder.class);
    given.addAll(assumptions);
    RegisterHistories registers = new RegisterHistories(history, given);
    new RegisterFaults(history, registers).find(findings);
    new TransactionFaults(history).find(findings);
    return new CycleJudge(history, registers).judge(findings, model);
  }
}
