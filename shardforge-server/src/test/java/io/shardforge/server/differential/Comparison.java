package io.shardforge.server.differential;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One world, asked of a reference and of this server; all that is found goes to a listener. */
final class Comparison {
  private static final int CHANGES = 5;
  private static final int LONGEST = 6000;

  private final long seed;
  private final Statement reference;
  private final Statement own;
  private final Consumer<String> found;
  private final List<String> script = new ArrayList<>();
  private int asked;
  private int answered;

  Comparison(long seed, Connection reference, Connection own, Consumer<String> found)
      throws SQLException {
    this.seed = seed;
    this.reference = reference.createStatement();
    this.own = own.createStatement();
    this.found = found;
  }

  int asked() {
    return asked;
  }

  /** How many queries had rows. */
  int answered() {
    return answered;
  }

  /** Makes the world and asks so many queries, with changes between them. */
  void run(int queries) throws SQLException {
    World world = World.random(Choices.random(seed));
    List<String> here = world.script("w" + seed, true, true);
    List<String> there = world.script("w" + seed, false, true);
    for (int i = 0; i < here.size(); i++) {
      Answer expected = Answer.to(reference, there.get(i), false);
      Answer actual = Answer.to(own, here.get(i), false);
      script.add(here.get(i));
      if (!expected.agrees(actual)) {
        report(here.get(i), expected, actual);
        return;
      }
    }
    for (int i = 0; i < queries; i++) {
      if (i % CHANGES == CHANGES - 1 && !change(world, i)) {
        return;
      }
      query(world, i);
    }
  }

  private Choices choices(int number) {
    return Choices.random(seed * 1_000_003 + number);
  }

  /** Returns whether both did the same; if one gave up, they have no common state any more. */
  private boolean change(World world, int number) {
    String sql = new Changes(world.tables(), choices(-1 - number)).statement();
    Answer expected = Answer.to(reference, sql, false);
    Answer actual = Answer.to(own, sql, false);
    asked++;
    if (expected.gaveUp() || actual.gaveUp()) {
      return false;
    }
    if (!expected.agrees(actual)) {
      report(sql, expected, actual);
      return false;
    }
    script.add(sql);
    for (Table table : world.tables()) {
      String all = "select * from " + table.name();
      Answer before = Answer.to(reference, all, false);
      Answer after = Answer.to(own, all, false);
      if (!before.agrees(after)) {
        report(all, before, after);
        return false;
      }
    }
    return true;
  }

  private void query(World world, int number) {
    Choices choices = choices(number);
    Query query = new Queries(world.tables(), choices).statement();
    if (query.sql().length() > LONGEST) {
      return;
    }
    asked++;
    if (!differs(query)) {
      return;
    }
    int[] shrunk =
        Shrinking.of(
            choices.made(),
            made -> differs(new Queries(world.tables(), Choices.again(made)).statement()));
    Query small = new Queries(world.tables(), Choices.again(shrunk)).statement();
    report(
        small.sql(),
        Answer.to(reference, small.sql(), small.ordered()),
        Answer.to(own, small.sql(), small.ordered()));
  }

  private boolean differs(Query query) {
    Answer expected = Answer.to(reference, query.sql(), query.ordered());
    if (expected.gaveUp()) {
      return false;
    }
    Answer actual = Answer.to(own, query.sql(), query.ordered());
    answered += expected.rows().isEmpty() ? 0 : 1;
    return !actual.gaveUp() && !expected.agrees(actual);
  }

  private void report(String sql, Answer expected, Answer actual) {
    found.accept(
        "seed %d\n%s;\n\n%s;\nexpected: %s\nbut was: %s\n"
            .formatted(seed, String.join(";\n", script), sql, expected, actual));
  }
}
