package io.shardforge.raft.check.invariant;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a client does to the accounts of a bank. */
public sealed interface BankAction {
  /** Moves money. */
  record Transfer(Object from, Object to, long amount) implements BankAction {}

  /** Reads all accounts in one transaction; null is what is not known, or a missing balance. */
  record Read(@Nullable Map<Object, @Nullable Long> balances) implements BankAction {}
}
