package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Index entries whose keys together are longer than an entry of the log. */
final class LargeKeysTest {
  @Test
  void whatHasCommittedDoesNotStayInTheWay() throws Exception {
    try (TestServer server = TestServer.start();
        Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table wide (id int primary key, w text) with (sharding = 'hash', shards = 4)");
      statement.execute("create index on wide (w)");
      for (int from = 0; from < 200; from += 50) {
        statement.execute(
            "insert into wide select g, repeat(md5(g::text), 625) from generate_series(%d, %d) g"
                .formatted(from, from + 49));
      }
      statement.execute("begin");
      statement.execute("savepoint before");
      statement.execute("update wide set w = w || 'x'");
      statement.execute("rollback to before");
      statement.execute("delete from wide where id >= 150");
      statement.execute("commit");
      // A schema change waits for every older write of the table to be resolved.
      statement.execute("set statement_timeout = '20s'");
      statement.execute("alter table wide add column n int default 3");
      assertThat(server.query("select concat_ws('|', count(*), sum(n), max(length(w))) from wide"))
          .containsExactly("150|450|20000");
      assertThat(server.query("select id from wide where w = repeat(md5('77'), 625)"))
          .containsExactly("77");
    }
  }
}
