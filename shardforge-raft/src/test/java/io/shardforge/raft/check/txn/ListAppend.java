package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;

/**
 * The judge of transactions that append unique elements to lists and read whole lists.
 *
 * <p>A read of a list shows every append before it, in order: so almost the whole order of versions
 * is known, and the answer is close to exact (Kingsbury and Alvaro, section 4). Sound: whatever it
 * reports did happen. Not complete: a history may break a model in what nobody read.
 */
public final class ListAppend {
  private ListAppend() {}

  /** Judges whether a history keeps what a model promises. */
  public static Verdict judge(History<Transaction> history, ConsistencyModel model) {
    Findings findings = new Findings();
    ListHistories lists = new ListHistories(history);
    new ListFaults(history, lists).find(findings);
    new TransactionFaults(history).find(findings);
    return new CycleJudge(history, lists).judge(findings, model);
  }
}
