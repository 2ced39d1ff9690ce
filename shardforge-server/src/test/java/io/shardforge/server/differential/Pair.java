package io.shardforge.server.differential;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A reference and this server, asked the same. */
record Pair(Side reference, Side own) implements AutoCloseable {

  /** The answers to a statement; if the reference gave up, this server was not asked. */
  record Answers(Answer expected, Answer actual) {
    boolean differ() {
      return !gaveUp() && !expected.agrees(actual);
    }

    /**
     * Whether one of them took too long or too much, or the reference is at fault: it says nothing.
     */
    boolean gaveUp() {
      return expected.gaveUp() || expected.isFault() || actual.gaveUp();
    }

    @Override
    public String toString() {
      return "expected: " + expected + "\nbut was: " + actual;
    }
  }

  Answers ask(String sql, boolean ordered) {
    return ask(sql, sql, ordered);
  }

  /** What each answers to a statement of its own. */
  Answers ask(String there, String here, boolean ordered) {
    Answer expected = reference.ask(there, ordered);
    return new Answers(expected, expected.gaveUp() ? expected : own.ask(here, ordered));
  }

  /**
   * The answers to statements sent together, none if one of them failed. Unless all agree, what
   * they did is undone.
   */
  List<Answers> askAll(List<Query> statements, @Nullable String undo) {
    List<Answer> expected = reference.askAll(statements);
    boolean asked = !expected.getFirst().failed();
    List<Answer> actual = asked ? own.askAll(statements) : expected;
    List<Answers> all =
        actual.getFirst().failed()
            ? List.of()
            : IntStream.range(0, statements.size())
                .mapToObj(i -> new Answers(expected.get(i), actual.get(i)))
                .toList();
    if (undo != null && (all.isEmpty() || all.stream().anyMatch(Answers::differ))) {
      requireDone(reference.ask(undo, false));
      if (asked) {
        requireDone(own.ask(undo, false));
      }
    }
    return all;
  }

  /** Goes back to a savepoint. */
  void undo(String sql) {
    requireDone(reference.ask(sql, false));
    requireDone(own.ask(sql, false));
  }

  private static void requireDone(Answer answer) {
    if (answer.failed()) {
      throw new LostException();
    }
  }

  /** One of them had no time for what both have to do, so that they are no longer alike. */
  static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  String times() {
    return "%d ms and %d ms".formatted(reference.millis(), own.millis());
  }

  @Override
  public void close() throws SQLException {
    reference.close();
    own.close();
  }
}
