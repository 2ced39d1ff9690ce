package io.shardforge.raft.check.file;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.invariant.Bank;
import io.shardforge.raft.check.invariant.GrowOnlySet;
import io.shardforge.raft.check.invariant.LongFork;
import io.shardforge.raft.check.invariant.Monotonic;
import io.shardforge.raft.check.register.Linearizability;
import io.shardforge.raft.check.txn.KeyOrder;
import io.shardforge.raft.check.txn.ListAppend;
import io.shardforge.raft.check.txn.RwRegister;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The command that judges a history file: exit status 0 if it is valid, 1 if not, 2 if that cannot
 * be said, 3 if the command is not understood.
 */
public final class JudgeFile {
  private JudgeFile() {}

  /** Judges the file that the arguments name. */
  public static void main(String[] arguments) throws IOException {
    try (PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
      if (arguments.length < 2) {
        out.print(usage());
        System.exit(3);
      }
      Verdict verdict = judge(arguments);
      out.print(verdict.words());
      System.exit(
          switch (verdict.result()) {
            case VALID -> 0;
            case INVALID -> 1;
            case UNKNOWN -> 2;
          });
    }
  }

  private static String usage() {
    Set<String> names = new HashSet<>();
    for (ConsistencyModel model : ConsistencyModel.values()) {
      names.add(name(model));
    }
    return """
    usage: WORKLOAD FILE [MODEL] [ACCOUNTS TOTAL [negative]]
      WORKLOAD  append, wr, wr-linearizable, register, registers, bank, set, long-fork, monotonic
      MODEL     %s (default strict-serializable)
      of a bank: the number of accounts (0, 1, 2…), their total, and whether one may be overdrawn
    """
        .formatted(String.join(", ", names.stream().sorted().toList()));
  }

  private static String name(ConsistencyModel model) {
    return model.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ConsistencyModel model(String[] arguments) {
    if (arguments.length < 3) {
      return ConsistencyModel.STRICT_SERIALIZABLE;
    }
    for (ConsistencyModel model : ConsistencyModel.values()) {
      if (name(model).equals(arguments[2])) {
        return model;
      }
    }
    throw new IllegalArgumentException("no model: " + arguments[2]);
  }

  static Verdict judge(String... arguments) throws IOException {
    Path file = Path.of(arguments[1]);
    ConsistencyModel model = model(arguments);
    TransactionCodec transactions = new TransactionCodec();
    return switch (arguments[0]) {
      case "append" -> ListAppend.judge(HistoryFile.read(file, transactions), model);
      case "wr" ->
          RwRegister.judge(
              HistoryFile.read(file, transactions),
              model,
              EnumSet.of(KeyOrder.WRITES_FOLLOW_READS));
      case "wr-linearizable" ->
          RwRegister.judge(
              HistoryFile.read(file, transactions), model, EnumSet.allOf(KeyOrder.class));
      case "register" -> Linearizability.judge(HistoryFile.read(file, new RegisterCodec(false)));
      case "registers" -> Linearizability.judge(HistoryFile.read(file, new RegisterCodec(true)));
      case "bank" -> bank(arguments).judge(HistoryFile.read(file, new BankCodec()), model);
      case "set" -> GrowOnlySet.judge(HistoryFile.read(file, new SetCodec()), model);
      case "long-fork" -> LongFork.judge(HistoryFile.read(file, transactions), model);
      case "monotonic" -> Monotonic.judge(HistoryFile.read(file, new MonotonicCodec()), model);
      default -> throw new IllegalArgumentException("no workload: " + arguments[0]);
    };
  }

  private static Bank bank(String[] arguments) {
    if (arguments.length < 5) {
      throw new IllegalArgumentException("a bank needs a model, its accounts and their total");
    }
    Set<Object> accounts = new HashSet<>();
    for (long account = 0; account < Integer.parseInt(arguments[3]); account++) {
      accounts.add(account);
    }
    return new Bank(
        accounts,
        Long.parseLong(arguments[4]),
        arguments.length > 5 && arguments[5].equals("negative"));
  }
}
