package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

/** DROP DATABASE while others are connected to it. */
class DropDatabaseTest extends TwoSessions {
  @Test
  void forceEndsTheSessionsThatAreInTheWay() throws Exception {
    run(a, "create database doomed");
    String url =
        "jdbc:postgresql://127.0.0.1:%d/doomed?user=shardforge&password=secret"
            .formatted(server.address().getPort());
    try (Connection there = DriverManager.getConnection(url)) {
      run(there, "create table t (id int primary key)");
      run(there, "begin");
      run(there, "insert into t values (1)");
      assertThat(stateOf(() -> run(a, "drop database doomed"))).isEqualTo("55006");
      assertThat(stateOf(() -> run(a, "drop database doomed with (force)"))).isEqualTo("00000");
      assertThat(stateOf(() -> run(there, "commit"))).isIn("57P01", "08006", "08003");
    }
    assertThat(stateOf(() -> run(b, "drop database doomed"))).isEqualTo("3D000");
  }
}
