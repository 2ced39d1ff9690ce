package io.shardforge.server.differential;

import io.shardforge.server.differential.Pair.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One world, asked of a reference and of this server in transactions of a few changes and queries,
 * and queries between them. What differs is rolled back, so that both have the same rows again.
 *
 * <p>Statements go together in one message. Only if one of them fails or differs they are asked
 * again, one by one.
 */
final class Comparison {
  private static final int LONGEST = 6000;

  /** What PostgreSQL has done by then, this server has more than enough time for. */
  private static final String SHORT = "set statement_timeout = '100ms'";

  static final String LONG = "set statement_timeout = '3s'";

  private final long seed;
  private final Pair pair;
  private final Findings findings;
  private final World world;
  private final List<String> script = new ArrayList<>();
  private int asked;
  private int savepoints;
  private boolean inTransaction;

  /** A query, and the choices that it was made from. */
  private record Made(Query query, int[] choices, boolean prepared) {}

  Comparison(long seed, Pair pair, Findings findings) {
    this.seed = seed;
    this.pair = pair;
    this.findings = findings;
    this.world = World.random(Choices.random(seed));
  }

  private static Query statement(String sql) {
    return new Query(sql, List.of(), false);
  }

  /** Makes the world and asks so many statements. */
  void run(int statements) {
    pair.ask("rollback", false);
    pair.ask("set statement_timeout = 0", false);
    List<String> here = world.script("w" + seed, true, true);
    List<String> there = world.script("w" + seed, false, true);
    for (int i = 0; i < here.size(); i++) {
      Answers answers = pair.ask(there.get(i), here.get(i), false);
      script.add(here.get(i));
      if (answers.differ()) {
        report(here.get(i), answers);
        return;
      }
    }
    pair.ask(SHORT, LONG, false);
    try {
      while (asked < statements) {
        Choices choices = next();
        transaction(choices);
        for (int i = choices.below(3); i > 0; i--) {
          queries(choices.upTo(8));
        }
        if (choices.oneIn(20)) {
          both("analyze " + choices.of(world.tables()).name());
        }
      }
    } catch (Pair.LostException _) {
      pair.ask("rollback", false);
    }
    pair.ask("drop schema w" + seed + " cascade", false);
  }

  private Choices next() {
    return Choices.random(seed * 1_000_003 + asked++);
  }

  /** Runs what both shall do, and keeps it for the script. */
  private void both(String sql) {
    Answers answers = pair.ask(sql, false);
    if (answers.differ()) {
      report(sql, answers);
    }
    script.add(sql);
  }

  private void transaction(Choices choices) {
    int before = script.size();
    String begin = "begin" + choices.of("", " isolation level repeatable read");
    if (!control(begin)) {
      return;
    }
    script.add(begin);
    boolean kept = !choices.oneIn(5);
    inTransaction = true;
    try {
      for (int i = choices.upTo(3); i > 0; i--) {
        change();
        queries(choices.below(3));
      }
    } catch (Pair.LostException _) {
      kept = false;
    }
    inTransaction = false;
    if (!control(kept ? "commit" : "rollback")) {
      pair.ask("rollback", false);
      kept = false;
    }
    if (kept) {
      script.add("commit");
    } else {
      script.subList(before, script.size()).clear();
    }
    Answers after = pair.ask(contents(), false);
    if (after.differ()) {
      report(contents(), after);
    }
  }

  /** Whether both had the time to begin or end a transaction; if only one had, all is lost. */
  private boolean control(String sql) {
    Answers answers = pair.ask(sql, false);
    if (answers.gaveUp() && !answers.expected().gaveUp()) {
      throw new Pair.LostException();
    }
    if (answers.differ()) {
      report(sql, answers);
    }
    return !answers.gaveUp();
  }

  /** Each has a name of its own: one that was not made is not taken for one before it. */
  private Query newSavepoint() {
    savepoints++;
    return statement("savepoint s" + savepoints);
  }

  private void makeSavepoint() {
    pair.ask(newSavepoint().sql(), false);
  }

  private String undo() {
    return "rollback to s" + savepoints;
  }

  private void rollBack() {
    pair.undo(undo());
  }

  // Queries.

  private void queries(int count) {
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Choices choices = next();
      Query query = new Queries(world, choices).statement();
      if (query.sql().length() < LONGEST) {
        made.add(new Made(query, choices.made(), choices.oneIn(8)));
      }
    }
    List<Query> together = new ArrayList<>();
    if (inTransaction) {
      together.add(newSavepoint());
    }
    made.forEach(one -> together.addAll(messages(one)));
    List<Answers> answers =
        together.isEmpty() ? List.of() : pair.askAll(together, inTransaction ? undo() : null);
    if (answers.isEmpty() || answers.stream().anyMatch(Answers::differ)) {
      pair.ask("deallocate all", false);
      made.forEach(this::query);
      return;
    }
    int at = inTransaction ? 1 : 0;
    for (Made one : made) {
      findings.count(one.query.sql(), answers.get(at + (one.prepared ? 1 : 0)));
      at += one.prepared ? 3 : 1;
    }
  }

  /** The query, or what makes a prepared statement of it, runs that and drops it. */
  private static List<Query> messages(Made made) {
    if (!made.prepared) {
      return List.of(made.query);
    }
    Parameters parameters = Parameters.of(made.query.sql());
    return List.of(
        statement(parameters.prepare()),
        new Query(parameters.execute(), List.of(), made.query.ordered()),
        statement("deallocate p"));
  }

  private void query(Made made) {
    Answers answers = asked(made);
    findings.count(made.query.sql(), answers);
    if (findings.isNew(answers)) {
      Made small =
          again(made, Shrinking.of(made.choices, less -> asked(again(made, less)).differ()));
      Answers once = asked(small);
      // What differs now and then is worth more as it was when it did.
      report(sql(once.differ() ? small : made), once.differ() ? once : answers);
    }
  }

  private static String sql(Made made) {
    return messages(made).stream().map(Query::sql).collect(Collectors.joining(";\n"));
  }

  private Made again(Made made, int[] choices) {
    return new Made(new Queries(world, Choices.again(choices)).statement(), choices, made.prepared);
  }

  /** The answers of a query alone; an error does not end the transaction. */
  private Answers asked(Made made) {
    if (inTransaction) {
      makeSavepoint();
    }
    List<Query> messages = messages(made);
    Answers answers = pair.ask(messages.getFirst().sql(), made.query.ordered());
    if (made.prepared && !answers.expected().failed() && !answers.actual().failed()) {
      answers = pair.ask(messages.get(1).sql(), made.query.ordered());
    }
    if (inTransaction) {
      rollBack();
    }
    if (made.prepared) {
      pair.ask("deallocate all", false);
    }
    return answers;
  }

  // Changes.

  /** Makes a change, looks at what it leaves, takes it back and, mostly, makes it again. */
  private void change() {
    Choices choices = next();
    String sql = new Changes(world, choices).statement();
    boolean kept = !choices.oneIn(6);
    List<Query> together =
        new ArrayList<>(
            List.of(newSavepoint(), statement(sql), statement(contents()), statement(undo())));
    if (kept) {
      together.add(statement(sql));
    }
    List<Answers> all = pair.askAll(together, undo());
    if (!all.isEmpty() && all.stream().noneMatch(Answers::differ)) {
      findings.count(sql, all.get(1));
      if (kept) {
        script.add(sql);
      }
      return;
    }
    Answers answers = changed(sql);
    findings.count(sql, answers);
    if (findings.isNew(answers)) {
      int[] made = Shrinking.of(choices.made(), less -> changed(changeFrom(less)).differ());
      Answers once = changed(changeFrom(made));
      report(once.differ() ? changeFrom(made) : sql, once.differ() ? once : answers);
    }
  }

  private String changeFrom(int[] made) {
    return new Changes(world, Choices.again(made)).statement();
  }

  /** What a change gives and, if that is the same, what it leaves; then it is undone. */
  private Answers changed(String sql) {
    makeSavepoint();
    Answers answers = pair.ask(sql, false);
    if (!answers.differ() && !answers.gaveUp() && !answers.expected().failed()) {
      answers = pair.ask(contents(), false);
    }
    rollBack();
    return answers;
  }

  /** All rows of all tables, as text. */
  private String contents() {
    return world.tables().stream()
        .map(table -> "select '%s' as t, t::text as r from %1$s as t".formatted(table.name()))
        .collect(Collectors.joining(" union all "));
  }

  private void report(String sql, Answers answers) {
    findings.add(
        "seed %d\n%s;\n\n%s;\n%s\n".formatted(seed, String.join(";\n", script), sql, answers));
  }
}
