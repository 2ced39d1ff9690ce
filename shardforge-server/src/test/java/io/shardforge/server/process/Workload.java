package io.shardforge.server.process;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A load whose history can be judged. For the threads of all clients.
 *
 * @param <T> what a client does in one operation, and saw if that is known
 */
interface Workload<T> {
  /** Makes the tables, and what is in them at first. */
  void prepare(Connection connection) throws SQLException;

  /** The tables that statements of DDL may change meanwhile. */
  List<String> tables();

  /** Whether rows of the last table are found by its column sk, which has an index NAME_sk. */
  boolean searchesByIndex();

  /** What a client does next. */
  T next(RandomGenerator random);

  /** What is done after all faults are over: together they read everything. */
  List<T> lastReads();

  /** Whether an operation is one statement, which commits by itself. */
  boolean isAutocommit();

  /**
   * Does it, up to but not including the commit, and returns it with what it saw.
   *
   * @throws RefusedException if it must be rolled back because of what it saw
   */
  T perform(Connection connection, T asked) throws SQLException, RefusedException;

  /** Judges a history, which ends with {@link #lastReads}. */
  Verdict judge(History<T> history);

  /** What is wrong at any isolation level and the judge may let pass; each in words. */
  List<String> lost(History<T> history);

  /** Writes a history that {@code JudgeFile} and Jepsen's checkers read. */
  void write(History<T> history, Path file) throws IOException;

  /** What {@code JudgeFile} needs to know beside the name of the file. */
  String judgeArguments(Path file);

  /** Says that an operation found that it has nothing to do. */
  final class RefusedException extends Exception {
    RefusedException(String message) {
      super(message, null, false, false);
    }
  }
}
