package io.shardforge.raft.check.file;

import io.shardforge.raft.check.txn.MicroOp;
import io.shardforge.raft.check.txn.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Transactions of list-append and rw-register: vectors of {@code [:append k v]} and the like. */
public final class TransactionCodec implements Codec<Transaction> {
  private static final Keyword APPEND = new Keyword("append");
  private static final Keyword READ = new Keyword("r");
  private static final Keyword WRITE = new Keyword("w");

  @Override
  public @Nullable Transaction decode(String function, @Nullable Object value) {
    if (!(value instanceof List<?> steps)) {
      return null;
    }
    List<MicroOp> decoded = new ArrayList<>();
    for (Object step : steps) {
      if (!(step instanceof List<?> parts) || parts.size() != 3) {
        return null;
      }
      decoded.add(step(parts));
    }
    return new Transaction(decoded);
  }

  private static MicroOp step(List<?> parts) {
    Object key = parts.get(1);
    Object value = parts.get(2);
    if (key != null) {
      if (READ.equals(parts.get(0))) {
        return new MicroOp.Read(key, value);
      }
      if (value != null && APPEND.equals(parts.get(0))) {
        return new MicroOp.Append(key, value);
      }
      if (value != null && WRITE.equals(parts.get(0))) {
        return new MicroOp.Write(key, value);
      }
    }
    throw new IllegalArgumentException("not a step of a transaction: " + parts);
  }

  @Override
  public String function(Transaction action) {
    return "txn";
  }

  @Override
  public Object value(Transaction action) {
    return encode(action, true);
  }

  @Override
  public Object asked(Transaction action) {
    return encode(action, false);
  }

  private static List<List<@Nullable Object>> encode(Transaction action, boolean answered) {
    List<List<@Nullable Object>> steps = new ArrayList<>();
    for (MicroOp step : action.steps()) {
      List<@Nullable Object> parts = new ArrayList<>();
      switch (step) {
        case MicroOp.Append append -> {
          parts.add(APPEND);
          parts.add(append.key());
          parts.add(append.element());
        }
        case MicroOp.Write write -> {
          parts.add(WRITE);
          parts.add(write.key());
          parts.add(write.value());
        }
        case MicroOp.Read read -> {
          parts.add(READ);
          parts.add(read.key());
          parts.add(answered ? read.value() : null);
        }
      }
      steps.add(parts);
    }
    return steps;
  }
}
