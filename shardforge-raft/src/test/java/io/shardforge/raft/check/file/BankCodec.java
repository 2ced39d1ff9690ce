package io.shardforge.raft.check.file;

import io.shardforge.raft.check.invariant.BankAction;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Jepsen's bank: {@code :transfer {:from 0, :to 1, :amount 5}} and {@code :read {0 10, 1 20}}. */
public final class BankCodec implements Codec<BankAction> {
  private static final Keyword FROM = new Keyword("from");
  private static final Keyword TO = new Keyword("to");
  private static final Keyword AMOUNT = new Keyword("amount");

  @Override
  public @Nullable BankAction decode(String function, @Nullable Object value) {
    return switch (function) {
      case "read" -> new BankAction.Read(value == null ? null : balances(value));
      case "transfer" -> {
        if (value instanceof Map<?, ?> transfer && transfer.get(AMOUNT) instanceof Long amount) {
          Object from = transfer.get(FROM);
          Object to = transfer.get(TO);
          if (from != null && to != null) {
            yield new BankAction.Transfer(from, to, amount);
          }
        }
        throw new IllegalArgumentException("not a transfer: " + value);
      }
      default -> null;
    };
  }

  private static @Nullable Map<Object, @Nullable Long> balances(Object value) {
    if (!(value instanceof Map<?, ?> read)) {
      return null; // Jepsen puts an error's name here.
    }
    Map<Object, @Nullable Long> balances = new LinkedHashMap<>();
    read.forEach((account, balance) -> {
      if (account != null) {
        balances.put(account, balance instanceof Long number ? number : null);
      }
    });
    return balances;
  }

  @Override
  public String function(BankAction action) {
    return switch (action) {
      case BankAction.Read _ -> "read";
      case BankAction.Transfer _ -> "transfer";
    };
  }

  @Override
  public @Nullable Object value(BankAction action) {
    return switch (action) {
      case BankAction.Read read -> read.balances();
      case BankAction.Transfer transfer -> {
        Map<Object, Object> value = new LinkedHashMap<>();
        value.put(FROM, transfer.from());
        value.put(TO, transfer.to());
        value.put(AMOUNT, transfer.amount());
        yield value;
      }
    };
  }

  @Override
  public @Nullable Object asked(BankAction action) {
    return action instanceof BankAction.Read ? null : value(action);
  }
}
