package io.shardforge.sql.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.Catalog;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.system.SystemTables;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has followed each change of the catalog knows what one does that reads it anew. */
final class CatalogReadingTest {
  private static final int STEPS = 500;
  private static final int NAMES = 3;

  /** With {@code #} for a name out of a few. */
  private static final List<String> STATEMENTS =
      List.of(
          "create schema s#",
          "alter schema s# rename to s#",
          "drop schema s# cascade",
          "create table s#.t# (id int primary key, n int unique)",
          "create table t# (id int primary key, n int references t# (id))",
          "create table t# (id serial primary key, kind text check (kind <> ''))",
          "alter table t# add column c# int",
          "alter table t# rename to t#",
          "alter table t# drop constraint t#_n_fkey",
          "drop table t#",
          "drop table t# cascade",
          "drop table s#.t#, t#",
          "create index i# on t# (n)",
          "alter index i# rename to i#",
          "drop index i#",
          "create view v# as select id from t#",
          "alter view v# rename to v#",
          "drop view v#",
          "create sequence q#",
          "drop sequence q#",
          "create type e# as enum ('a')",
          "create type s#.e# as enum ('b')",
          "alter type e# rename to e#",
          "alter type e# add value 'c#'",
          "drop type e#",
          "comment on table t# is '#'",
          "comment on table t# is null",
          "comment on column t#.id is '#'",
          "create role r#",
          "alter role r# rename to r#",
          "drop role r#",
          "grant pg_read_all_data to r#",
          "grant r# to pg_monitor",
          "revoke r# from pg_monitor",
          "grant select (id) on t# to r#",
          "revoke select (id) on t# from r#",
          "grant insert on t# to r#",
          "alter default privileges in schema s# grant select on tables to r#",
          "create statistics x# on id, n from t#",
          "drop statistics x#");

  @TempDir Path directory;

  private final Random random = new Random(11);

  private String statement() {
    StringBuilder sql = new StringBuilder(STATEMENTS.get(random.nextInt(STATEMENTS.size())));
    for (int at = sql.indexOf("#"); at >= 0; at = sql.indexOf("#")) {
      sql.setCharAt(at, (char) ('0' + random.nextInt(NAMES)));
    }
    return sql.toString();
  }

  @Test
  void followingIsAsGoodAsReadingAnew() {
    try (TestDatabase database = new TestDatabase(directory);
        TestSession session = database.session()) {
      int done = 0;
      for (int step = 0; step < STEPS; step++) {
        String sql = statement();
        CatalogSnapshot before = session.snapshot();
        List<TableDescriptor> tables = List.copyOf(before.tables());
        try {
          session.run(sql);
          done++;
        } catch (ShardForgeException | UnsupportedOperationException e) {
          // What cannot be done changes nothing.
        }
        compare(session.snapshot(), database, sql);
        assertThat(before.tables()).as("before %s", sql).containsExactlyElementsOf(tables);
      }
      assertThat(done).isGreaterThan(STEPS / 5);
    }
  }

  @Test
  void namesAreSwappedInOneTransaction() {
    try (TestDatabase database = new TestDatabase(directory);
        TestSession session = database.session()) {
      session.run("create table a (id int primary key); create table b (id int primary key)");
      int first = relation(session.snapshot(), "a").id();
      session.begin(Isolation.READ_COMMITTED);
      session.run("alter table a rename to c");
      session.run("alter table b rename to a");
      session.run("alter table c rename to b");
      assertThat(relation(session.snapshot(), "b").id()).isEqualTo(first);
      session.commit();
      assertThat(relation(session.snapshot(), "b").id()).isEqualTo(first);
      compare(session.snapshot(), database, "names were swapped");
    }
  }

  private static TableDescriptor relation(CatalogSnapshot snapshot, String name) {
    return (TableDescriptor)
        Objects.requireNonNull(snapshot.relation(SystemOids.SCHEMA_PUBLIC, name));
  }

  private static void compare(CatalogSnapshot known, TestDatabase database, String what) {
    CatalogSnapshot read =
        new Catalog(database.transactions(), new SystemClock(), SystemTables.all())
            .newest(SystemOids.DATABASE_SHARDFORGE);
    assertThat(known.tables()).as(what).containsExactlyInAnyOrderElementsOf(read.tables());
    assertThat(known.sequences()).as(what).containsExactlyInAnyOrderElementsOf(read.sequences());
    assertThat(known.views()).as(what).containsExactlyInAnyOrderElementsOf(read.views());
    assertThat(known.schemas()).as(what).containsExactlyInAnyOrderElementsOf(read.schemas());
    assertThat(known.roles()).as(what).containsExactlyInAnyOrderElementsOf(read.roles());
    assertThat(known.databases()).as(what).containsExactlyInAnyOrderElementsOf(read.databases());
    assertThat(known.comments()).as(what).containsExactlyInAnyOrderElementsOf(read.comments());
    assertThat(known.settings()).as(what).containsExactlyInAnyOrderElementsOf(read.settings());
    assertThat(known.typeDescriptors())
        .as(what)
        .containsExactlyInAnyOrderElementsOf(read.typeDescriptors());
    assertThat(known.defaultPrivileges())
        .as(what)
        .containsExactlyInAnyOrderElementsOf(read.defaultPrivileges());
    assertThat(known.combinedStatistics())
        .as(what)
        .containsExactlyInAnyOrderElementsOf(read.combinedStatistics());
    for (int number = 0; number < NAMES; number++) {
      assertThat(known.schema("s" + number)).as(what).isEqualTo(read.schema("s" + number));
      assertThat(known.role("r" + number)).as(what).isEqualTo(read.role("r" + number));
      for (SchemaDescriptor schema : read.schemas()) {
        for (String prefix : List.of("t", "v", "q")) {
          String name = prefix + number;
          assertThat(known.relation(schema.id(), name))
              .as(what)
              .isEqualTo(read.relation(schema.id(), name));
        }
        assertThat(known.index(schema.id(), "i" + number))
            .as(what)
            .isEqualTo(read.index(schema.id(), "i" + number));
      }
    }
    for (RoleDescriptor role : read.roles()) {
      assertThat(known.role(role.id())).as(what).isEqualTo(role);
    }
    for (TypeDescriptor type : read.typeDescriptors()) {
      assertThat(known.types().get(type.id()).name()).as(what).isEqualTo(type.name());
    }
    for (int id = SystemOids.FIRST_USER_OID; id < SystemOids.FIRST_USER_OID + 4 * STEPS; id++) {
      assertThat(known.relation(id)).as(what).isEqualTo(read.relation(id));
      assertThat(known.index(id)).as(what).isEqualTo(read.index(id));
      assertThat(known.schema(id)).as(what).isEqualTo(read.schema(id));
      assertThat(known.referencesTo(id)).as(what).isEqualTo(read.referencesTo(id));
      assertThat(known.columnGrants(id))
          .as(what)
          .containsExactlyInAnyOrderElementsOf(read.columnGrants(id));
      assertThat(known.grants(id)).as(what).isEqualTo(read.grants(id));
    }
  }
}
