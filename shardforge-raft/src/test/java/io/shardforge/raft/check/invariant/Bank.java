package io.shardforge.raft.check.invariant;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Findings;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The judge of a bank: transfers move money about, so every snapshot shows the same accounts with
 * the same total. A wrong one is read skew or a lost update.
 *
 * @param accounts which accounts there are
 * @param total what they hold together
 * @param negativeAllowed whether a transfer may overdraw one
 */
public record Bank(Set<Object> accounts, long total, boolean negativeAllowed) {
  /** Copies the accounts. */
  public Bank {
    accounts = Set.copyOf(accounts);
  }

  /** Judges every read of a history. */
  public Verdict judge(History<BankAction> history, ConsistencyModel model) {
    Findings findings = new Findings();
    int reads = 0;
    for (Operation<BankAction> operation : history.operations()) {
      if (operation.outcome() == Outcome.OK
          && operation.action() instanceof BankAction.Read read
          && read.balances() != null) {
        reads++;
        read(operation, read.balances(), findings);
      }
    }
    findings.remark(reads + " reads");
    return reads == 0 ? findings.verdict(Verdict.Result.UNKNOWN) : findings.verdict(model);
  }

  private void read(
      Operation<BankAction> operation, Map<Object, @Nullable Long> balances, Findings findings) {
    if (!balances.keySet().equals(accounts)
        || balances.values().stream().anyMatch(Objects::isNull)) {
      findings.add(
          Phenomenon.WRONG_ACCOUNTS,
          () -> "%s, but the accounts are %s".formatted(describe(operation, balances), accounts));
      return;
    }
    long sum = 0;
    for (Long balance : balances.values()) {
      sum += balance == null ? 0 : balance;
    }
    long found = sum;
    if (found != total) {
      findings.add(
          Phenomenon.WRONG_TOTAL,
          () ->
              "%s, which is %d instead of %d"
                  .formatted(describe(operation, balances), found, total));
    }
    if (!negativeAllowed
        && balances.values().stream().anyMatch(balance -> balance != null && balance < 0)) {
      findings.add(Phenomenon.NEGATIVE_BALANCE, () -> describe(operation, balances));
    }
  }

  private static String describe(
      Operation<BankAction> operation, Map<Object, @Nullable Long> balances) {
    return "operation #%d of process %d read %s"
        .formatted(operation.index(), operation.process(), balances);
  }
}
