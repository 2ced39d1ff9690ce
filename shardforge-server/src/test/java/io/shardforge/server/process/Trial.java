package io.shardforge.server.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What is to be tried: a load, the fault that strikes meanwhile, and the chances.
 *
 * @param load the load's name
 * @param isolation what the clients ask for
 * @param fault what strikes, again and again
 * @param ddl whether somebody changes the tables meanwhile
 * @param nodes how many there are
 * @param clients how many there are
 * @param rate operations a second, all clients together
 * @param length of the load
 * @param calm between two faults, and before the first
 * @param struck how long a fault goes on
 * @param seed of what the clients and the nemesis choose
 */
record Trial(
    Load load,
    Isolation isolation,
    FaultKind fault,
    boolean ddl,
    int nodes,
    int clients,
    int rate,
    Duration length,
    Duration calm,
    Duration struck,
    long seed) {
  /** The loads by name. */
  enum Load {
    APPEND,
    WR,
    BANK,
    REGISTER,
    SET;

    Workload<?> workload(Isolation isolation) {
      return switch (this) {
        case APPEND -> new TransactionWorkload(TransactionWorkload.Kind.APPEND, isolation);
        case WR -> new TransactionWorkload(TransactionWorkload.Kind.REGISTER, isolation);
        case BANK -> new BankWorkload(isolation);
        case REGISTER -> new RegisterWorkload();
        case SET -> new SetWorkload(isolation);
      };
    }
  }

  /** A short trial, as the build runs it. */
  static Trial of(Load load, Isolation isolation, FaultKind fault, int seconds, long seed) {
    return new Trial(
        load,
        isolation,
        fault,
        false,
        3,
        6,
        60,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(6),
        Duration.ofSeconds(8),
        seed);
  }

  Trial withDdl() {
    return new Trial(
        load, isolation, fault, true, nodes, clients, rate, length, calm, struck, seed);
  }

  /** Reads the words of a command; those that do not concern a trial are put aside. */
  static Trial parse(List<String> words, long seed, List<String> others) {
    Trial trial = of(Load.APPEND, Isolation.SERIALIZABLE, FaultKind.NONE, 60, seed);
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      String word = rest.next();
      switch (word) {
        case "--ddl" -> trial = trial.withDdl();
        case "--workload",
            "--isolation",
            "--nemesis",
            "--nodes",
            "--clients",
            "--rate",
            "--seconds",
            "--calm",
            "--fault",
            "--seed" -> {
          if (!rest.hasNext()) {
            throw new IllegalArgumentException(word + " needs a value");
          }
          trial = trial.with(word, rest.next());
        }
        default -> others.add(word);
      }
    }
    return trial;
  }

  private Trial with(String option, String value) {
    String name = value.toUpperCase(Locale.ROOT).replace('-', '_');
    Load newLoad = option.equals("--workload") ? Load.valueOf(name) : load;
    Isolation newIsolation = option.equals("--isolation") ? Isolation.valueOf(name) : isolation;
    FaultKind newFault = option.equals("--nemesis") ? FaultKind.parse(value) : fault;
    return new Trial(
        newLoad,
        newIsolation,
        newFault,
        ddl,
        option.equals("--nodes") ? Integer.parseInt(value) : nodes,
        option.equals("--clients") ? Integer.parseInt(value) : clients,
        option.equals("--rate") ? Integer.parseInt(value) : rate,
        option.equals("--seconds") ? seconds(value) : length,
        option.equals("--calm") ? seconds(value) : calm,
        option.equals("--fault") ? seconds(value) : struck,
        option.equals("--seed") ? Long.parseLong(value) : seed);
  }

  private static Duration seconds(String value) {
    return Duration.ofSeconds(Long.parseLong(value));
  }

  /** The words that {@link #parse} reads as this. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--workload", load.name().toLowerCase(Locale.ROOT)));
    words.addAll(
        List.of("--isolation", isolation.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    words.addAll(List.of("--nemesis", fault.word()));
    if (ddl) {
      words.add("--ddl");
    }
    words.addAll(List.of("--nodes", Integer.toString(nodes)));
    words.addAll(List.of("--clients", Integer.toString(clients)));
    words.addAll(List.of("--rate", Integer.toString(rate)));
    words.addAll(List.of("--seconds", Long.toString(length.toSeconds())));
    words.addAll(List.of("--calm", Long.toString(calm.toSeconds())));
    words.addAll(List.of("--fault", Long.toString(struck.toSeconds())));
    words.addAll(List.of("--seed", Long.toString(seed)));
    return words;
  }
}
