package io.shardforge.sql.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.meta.MetaTable;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of replicas that tables have of their own, in the catalog and outside of it. */
class TableOptionsTest {
  private static final String OPTIONS = "select reloptions from pg_class where relname = 't'";

  @TempDir private static Path directory;
  private TestDatabase database;
  private TestSession s;

  @BeforeEach
  void open() {
    database = new TestDatabase(directory);
    s = database.session();
  }

  @AfterEach
  void close() {
    s.close();
    database.close();
  }

  private Map<Integer, Integer> factors() {
    return new MetaTable(database.transactions(), new SystemClock()).tableFactors();
  }

  private int dataId() {
    return s.snapshot().tables().stream()
        .filter(table -> table.name().equals("t"))
        .mapToInt(TableDescriptor::dataId)
        .findFirst()
        .orElseThrow();
  }

  private void fails(String sql, String sqlState, String message) {
    assertThatExceptionOfType(ShardForgeException.class)
        .as(sql)
        .isThrownBy(() -> s.run(sql))
        .satisfies(e -> {
          assertThat(e.message()).isEqualTo(message);
          assertThat(e.code().sqlState()).isEqualTo(sqlState);
        });
  }

  @Test
  void aTableIsGivenItsOwnAndItIsTakenBack() {
    s.run("create table t (a int primary key) with (replication_factor = 5, fillfactor = 70)");
    s.run("create table other (a int primary key)");
    assertThat(s.run(OPTIONS)).containsExactly("{replication_factor=5,fillfactor=70}");
    assertThat(factors()).isEqualTo(Map.of(dataId(), 5));
    s.run("alter table t set (replication_factor = '3')");
    assertThat(s.run(OPTIONS)).containsExactly("{replication_factor=3,fillfactor=70}");
    assertThat(factors()).isEqualTo(Map.of(dataId(), 3));
    s.run("alter table t rename to u");
    s.run("alter table u rename to t");
    s.run("alter table t add column b int");
    assertThat(factors()).isEqualTo(Map.of(dataId(), 3));
    s.run("alter table t reset (replication_factor, fillfactor)");
    assertThat(s.run("select reloptions is null from pg_class where relname = 't'"))
        .containsExactly("t");
    assertThat(factors()).isEmpty();
  }

  @Test
  void itGoesWithTheRows() {
    s.run("create table t with (replication_factor = 1) as select 1 as a");
    int first = dataId();
    assertThat(factors()).isEqualTo(Map.of(first, 1));
    s.run("truncate t");
    assertThat(dataId()).isNotEqualTo(first);
    assertThat(factors()).isEqualTo(Map.of(dataId(), 1));
    s.run("alter table t alter column a type text");
    assertThat(factors()).isEqualTo(Map.of(dataId(), 1));
    s.run("drop table t");
    assertThat(factors()).isEmpty();
  }

  @Test
  void itIsPartOfTheTransaction() {
    s.run("create table t (a int) with (replication_factor = 5)");
    s.begin(Isolation.READ_COMMITTED);
    s.run("alter table t set (replication_factor = 7)");
    assertThat(s.run(OPTIONS)).containsExactly("{replication_factor=7}");
    s.rollback();
    assertThat(s.run(OPTIONS)).containsExactly("{replication_factor=5}");
    assertThat(factors()).isEqualTo(Map.of(dataId(), 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "4", "6", "8", "9", "-1", "99999"})
  void onlySmallOddNumbersAreTaken(String number) {
    fails(
        "create table t (a int) with (replication_factor = " + number + ")",
        "22023",
        "value " + number + " out of bounds for option \"replication_factor\"");
  }

  @Test
  void whatIsNoNumberIsRefused() {
    fails(
        "create table t (a int) with (replication_factor = many)",
        "22023",
        "invalid value for integer option \"replication_factor\": many");
    fails(
        "create table t (a int) with (replication_factor)",
        "22023",
        "invalid value for integer option \"replication_factor\": true");
    fails(
        "create table t (a int) with (replication_factor = 2.5)",
        "22023",
        "invalid value for integer option \"replication_factor\": 2.5");
    fails(
        "create table t (a int) with (replication_factor = 3, replication_factor = 5)",
        "22023",
        "parameter \"replication_factor\" specified more than once");
    fails(
        "create table t (a int) with (replicas = 3)",
        "22023",
        "unrecognized parameter \"replicas\"");
    s.run("create table t (a int)");
    fails(
        "create index on t (a) with (replication_factor = 3)",
        "22023",
        "unrecognized parameter \"replication_factor\"");
    fails(
        "alter table t reset (replication_factor = 3)",
        "42601",
        "RESET must not include values for parameters");
    fails(
        "alter table t set (replication_factor = 2)",
        "22023",
        "value 2 out of bounds for option \"replication_factor\"");
    assertThat(factors()).isEmpty();
  }
}
