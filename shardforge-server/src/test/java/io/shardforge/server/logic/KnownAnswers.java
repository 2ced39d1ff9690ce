package io.shardforge.server.logic;

import io.shardforge.server.logic.LogicRun.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where a server is known to answer otherwise than scripts say, and how: one line for each script
 * and answer, with the numbers of the lines where it gives it.
 */
final class KnownAnswers {
  private final SortedMap<String, SortedSet<Integer>> lines = new TreeMap<>();

  private KnownAnswers() {}

  KnownAnswers(List<Failure> failures) {
    for (Failure failure : failures) {
      at(failure).add(failure.step().line());
    }
  }

  static KnownAnswers read(Path file) throws IOException {
    KnownAnswers known = new KnownAnswers();
    for (String line : Files.readAllLines(file)) {
      int end = line.indexOf('\t');
      SortedSet<Integer> numbers = new TreeSet<>();
      for (String number : line.substring(0, end).split(" ", -1)) {
        numbers.add(Integer.valueOf(number));
      }
      known.lines.put(line.substring(end + 1), numbers);
    }
    return known;
  }

  void write(Path file) throws IOException {
    List<String> written = new ArrayList<>();
    lines.forEach((answer, numbers) ->
        written.add(
            String.join(" ", numbers.stream().map(String::valueOf).toList()) + "\t" + answer));
    Files.write(file, written);
  }

  boolean has(Failure failure) {
    return lines.getOrDefault(answer(failure), new TreeSet<>()).contains(failure.step().line());
  }

  private Set<Integer> at(Failure failure) {
    return lines.computeIfAbsent(answer(failure), _ -> new TreeSet<>());
  }

  /** The answer of a script's line; of an error, its SQLSTATE alone. */
  private static String answer(Failure failure) {
    String sqlState = failure.sqlState();
    return failure.file() + ": " + (sqlState == null ? failure.what() : sqlState);
  }
}
