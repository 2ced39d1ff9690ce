package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.PageWork;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.sql.exec.LeafScans;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Scans of shards that other nodes lead, which filter and aggregate the rows: the answers are those
 * of a node that gets all rows, whatever becomes of the shards meanwhile.
 */
class LeafScansTest {
  private static final int ROWS = 30_000;
  private static final Pattern WORKED = Pattern.compile("worked=(\\d+)");

  private LocalCluster cluster;
  private TestServer server;

  @BeforeEach
  void start() throws SQLException {
    cluster =
        LocalCluster.start(
            3,
            1,
            new SystemClock(),
            Randomness.secure(),
            Thread::startVirtualThread,
            ReplicaSettings.defaults());
    server = TestServer.onNode(cluster, 1);
    server.run(
        """
        CREATE TABLE t (id int PRIMARY KEY, g int, b bigint, n numeric(12, 3), s text, d date,
            f float8, ok bool, v varchar(20))\
        """,
        "SELECT setseed(0.5)",
        """
        INSERT INTO t SELECT i, CASE WHEN i % 11 <> 0 THEN i % 7 END, i::bigint * 100000000000,
            CASE WHEN i % 13 <> 0 THEN (random() * 1000)::numeric(12, 3) END,
            repeat('x', 30 + i % 50) || i % 100, date '2020-01-01' + i % 400, i / 7.0, i % 3 = 0,
            'v' || i % 1000 FROM generate_series(1, 30000) i\
        """,
        "CREATE INDEX t_g ON t (g) INCLUDE (n)",
        "ANALYZE t");
    moveAway();
    workAt(new LeafScans());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Has other nodes lead all shards of rows. */
  private void moveAway() {
    for (ShardDescriptor shard : cluster.shards()) {
      if (shard.shardId() != ShardDescriptor.META_SHARD_ID
          && cluster.log(shard.shardId()).leaderNode() == 1) {
        cluster.log(shard.shardId()).elect(2 + (int) (shard.shardId() % 2));
      }
    }
  }

  private void workAt(PageWork work) {
    cluster.node(2).workPages(work);
    cluster.node(3).workPages(work);
  }

  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      return rows(statement, sql);
    }
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        found.add(String.join("|", row.stream().map(String::valueOf).toList()));
      }
    }
    return found;
  }

  /** How many rows a query left where they are led. */
  private long worked(String sql) throws SQLException {
    Matcher matcher =
        WORKED.matcher(
            String.join("\n", rows("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, COSTS OFF) " + sql)));
    long sum = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  private static final List<String> QUERIES =
      List.of(
          "SELECT count(*) FROM t",
          "SELECT g, count(*), count(n), sum(g), sum(b), avg(g), avg(b) FROM t GROUP BY g",
          "SELECT g, sum(n), avg(n), min(n), max(n), min(s), max(d) FROM t GROUP BY g",
          "SELECT g, ok, bool_and(ok), bool_or(id > 100), bit_or(g) FROM t GROUP BY g, ok",
          "SELECT count(*), sum(n), min(v), max(f) FROM t WHERE s LIKE 'x%7'",
          "SELECT sum(n) FILTER (WHERE ok), sum(b * 2 - id) FROM t WHERE id % 3 = 1",
          "SELECT g % 3, d, count(*), sum(id + g) FROM t WHERE NOT ok GROUP BY g % 3, d",
          "SELECT id % 5, sum(n) FROM t WHERE n IS NOT NULL OR g = 3 GROUP BY 1",
          "SELECT id, g, n, s FROM t WHERE n < 3",
          "SELECT id, v FROM t WHERE upper(v) = 'V77' AND d >= date '2020-02-01'",
          "SELECT id FROM t WHERE ok AND id % 1000 = 0",
          "SELECT id, count(*), sum(n) FROM t GROUP BY id",
          "SELECT b, max(s) FROM t WHERE id % 2 = 0 GROUP BY b",
          "SELECT g, sum(f), avg(f) FROM t GROUP BY g",
          "SELECT count(*), sum(n) FROM t WHERE g = 4",
          "SELECT x.g, y.c FROM t x, (SELECT g, count(*) c FROM t GROUP BY g) y"
              + " WHERE x.id < 9 AND x.g = y.g",
          "SELECT count(*) FROM t WHERE d < now() - interval '10 days'",
          "SELECT count(*), sum(n) FROM t WHERE id < 0 OR n < -1",
          "SELECT CASE WHEN g > 3 THEN 'a' ELSE v END, count(*) FROM t GROUP BY 1",
          "SELECT count(*) FROM t WHERE coalesce(g, 5) = 5 AND greatest(g, id) > 100",
          "SELECT g, count(*) FROM t WHERE ok IS NOT TRUE GROUP BY g HAVING count(*) > 2500",
          "SELECT id, n FROM t WHERE s LIKE '%42' LIMIT 30",
          "SELECT v, count(*) FROM t WHERE v IN ('v1', 'v5', 'v9') GROUP BY v",
          "SELECT count(*) FROM t WHERE n > ANY ('{900, 2000}') AND id NOT IN (5, 10, 20)",
          "SELECT * FROM t ORDER BY n DESC, id LIMIT 7",
          "SELECT v, id + 1 FROM t WHERE id % 2 = 0 ORDER BY v, n NULLS FIRST, id DESC LIMIT 40",
          "SELECT b, s FROM t ORDER BY b DESC LIMIT 7",
          "SELECT v FROM t ORDER BY v DESC OFFSET 30 LIMIT 40");

  @Test
  void answersAreThoseOfAllRows() throws SQLException {
    List<List<String>> expected = new ArrayList<>();
    workAt(PageWork.NONE);
    for (String query : QUERIES) {
      assertThat(worked(query)).isZero();
      expected.add(rows(query));
    }
    server.run("SELECT shardforge.split_at('t', 9000)", "SELECT shardforge.split_at('t', 21000)");
    moveAway();
    for (PageWork work : List.of(new LeafScans(), PageWork.NONE)) {
      workAt(work);
      for (int i = 0; i < QUERIES.size(); i++) {
        assertThat(rows(QUERIES.get(i))).as(QUERIES.get(i)).isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void rowsStayWhereTheyAre() throws SQLException {
    for (String query :
        List.of(
            "SELECT count(*) FROM t",
            "SELECT g, sum(n), avg(b), min(s) FROM t WHERE s LIKE 'x%7' AND id > 5 GROUP BY g",
            "SELECT id FROM t WHERE n < 3 AND d > date '2020-01-03'",
            "SELECT id FROM t WHERE s = 'nothing' LIMIT 3",
            "SELECT count(*) FROM t WHERE v IN ('v1', 'v5', 'v9') AND id <> ALL ('{5, 9}')",
            "SELECT s, id + 1, n FROM t ORDER BY n DESC, s LIMIT 5",
            "SELECT count(*) FROM t WHERE n < extract(epoch FROM now())")) {
      assertThat(worked(query)).as(query).isGreaterThan(ROWS / 2);
    }
  }

  @Test
  void shardsSplitAndMoveMeanwhile() throws SQLException {
    String query = "SELECT g, count(*), sum(n), min(s) FROM t WHERE id % 3 < 2 GROUP BY g";
    List<String> expected = rows(query);
    Random random = new Random(1);
    AtomicInteger splits = new AtomicInteger();
    workAt(bytes -> {
      int step = splits.incrementAndGet();
      try {
        if (step <= 4) {
          server.run("SELECT shardforge.split_at('t', " + random.nextInt(ROWS) + ")");
        } else if (step == 5) {
          long shard = cluster.shards().getLast().shardId();
          cluster.log(shard).elect(cluster.log(shard).leaderNode() == 2 ? 3 : 2);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return new LeafScans().begin(bytes);
    });
    assertThat(rows(query)).isEqualTo(expected);
    assertThat(rows("SELECT count(*) FROM t WHERE id > 0 AND g < 100"))
        .isEqualTo(List.of(rows("SELECT count(g) FROM t").getFirst()));
    assertThat(splits.get()).isGreaterThan(5);
  }

  @Test
  void whoDiesIsReplaced() throws SQLException {
    server.run("SELECT shardforge.split_at('t', 12000)", "SELECT shardforge.split_at('t', 21000)");
    String query = "SELECT g, count(*), sum(n), max(s) FROM t WHERE id % 3 < 2 GROUP BY g";
    List<String> expected = rows(query);
    AtomicInteger asked = new AtomicInteger();
    workAt(bytes -> {
      if (asked.getAndIncrement() == 0) {
        List<Long> shards = cluster.shards().stream().map(ShardDescriptor::shardId).toList();
        int dying =
            shards.stream()
                .filter(shard -> shard != ShardDescriptor.META_SHARD_ID)
                .mapToInt(shard -> cluster.log(shard).leaderNode())
                .findFirst()
                .orElseThrow();
        cluster.cutOff(dying);
        for (long shard : shards) {
          if (cluster.log(shard).leaderNode() == dying) {
            cluster.log(shard).elect(5 - dying);
          }
        }
      }
      return new LeafScans().begin(bytes);
    });
    assertThat(rows(query)).isEqualTo(expected);
    assertThat(asked.get()).isGreaterThan(1);
  }

  @Test
  void whatIsNotUnderstoodIsDoneHere() throws SQLException {
    String query = "SELECT g, count(*), sum(n) FROM t WHERE s LIKE 'x%' GROUP BY g";
    List<String> expected = rows(query);
    workAt(bytes -> {
      byte[] later = bytes.clone();
      later[0]++;
      return new LeafScans().begin(later);
    });
    assertThat(rows(query)).isEqualTo(expected);
    workAt(bytes -> new LeafScans().begin(new byte[] {bytes[0], 1, 2, 3}));
    assertThat(rows(query)).isEqualTo(expected);
    assertThat(worked(query)).isZero();
  }

  @Test
  void ownWritesAreSeen() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      String query = "SELECT count(*), sum(g), min(id) FROM t WHERE g < 100";
      List<String> before = rows(statement, query);
      statement.execute("UPDATE t SET g = 50 WHERE id = 29999");
      statement.execute("INSERT INTO t (id, g) VALUES (-5, 99)");
      List<String> own = rows(statement, query);
      assertThat(own).isNotEqualTo(before);
      workAt(PageWork.NONE);
      assertThat(rows(statement, query)).isEqualTo(own);
      connection.rollback();
      assertThat(rows(statement, query)).isEqualTo(before);
    }
  }

  @Test
  void writeSkewIsRefused() throws SQLException {
    try (Connection one = server.connect();
        Connection other = server.connect();
        Statement first = one.createStatement();
        Statement second = other.createStatement()) {
      for (Connection connection : List.of(one, other)) {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      }
      assertThat(rows(first, "SELECT sum(n) FROM t WHERE v = 'v1'")).hasSize(1);
      assertThat(rows(second, "SELECT sum(n) FROM t WHERE v = 'v2'")).hasSize(1);
      first.execute("INSERT INTO t (id, n, v) VALUES (40001, 1, 'v2')");
      second.execute("INSERT INTO t (id, n, v) VALUES (40002, 1, 'v1')");
      one.commit();
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(other::commit)
          .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("40001"));
    }
  }

  @Test
  void groupsThatFindNoRoomAreReadAsRows() throws SQLException {
    String query = "SELECT id / 5, count(*), sum(n), avg(b), min(s) FROM t GROUP BY id / 5";
    List<String> expected = rows(query);
    assertThat(worked(query)).isGreaterThan(ROWS / 2);
    try (TestServer poor = TestServer.onNode(cluster, 1, 1 << 20);
        Connection connection = poor.connect();
        Statement statement = connection.createStatement()) {
      // Some were worked off in vain, and read again.
      assertThat(rows(statement, query)).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void errorsComeWithTheirRows() throws SQLException {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> rows("SELECT g, sum(100 / (id - 25000)) FROM t GROUP BY g"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22012"));
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> rows("SELECT id FROM t WHERE 100 / (id - 25000) = 17"))
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo("22012"));
    assertThat(rows("SELECT id FROM t WHERE 100 / (id - 29000) > -200 LIMIT 5")).hasSize(5);
  }
}
