package io.shardforge.server.pgwire;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server for the tests of a class and two sessions for each of them, which may have to wait. */
abstract class TwoSessions {
  static TestServer server;
  Connection a;
  Connection b;

  @BeforeAll
  static void startServer() {
    server = TestServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws SQLException {
    a = server.connect();
    b = server.connect();
  }

  @AfterEach
  void disconnect() throws SQLException {
    a.close();
    b.close();
  }

  static int run(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
      return s.getUpdateCount();
    }
  }

  /** Runs what may have to wait for the other session. */
  static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  static <T> T finish(FutureTask<T> task) throws Exception {
    return task.get(30, TimeUnit.SECONDS);
  }

  /** How work ended: its SQLSTATE. */
  static String stateOf(Callable<?> work) throws Exception {
    try {
      work.call();
      return "00000";
    } catch (SQLException e) {
      return e.getSQLState();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException cause) {
        return cause.getSQLState();
      }
      throw e;
    }
  }
}
