import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;

/** Flyway: migrations, a failing one, repair, repeatable ones, two at once, clean. */
class FlywayProgram {
  public static void main(String[] args) throws Exception {
    Path scripts = Files.createTempDirectory("flyway");
    write(scripts, "V1__items.sql", "create table item (id bigserial primary key, name text not null);\ninsert into item (name) values ('one'), ('two');");
    write(scripts, "V2__prices.sql", "alter table item add column price numeric(8, 2) not null default 1.5;\ncreate index item_name on item (name);");
    write(scripts, "R__view.sql", "create or replace view cheap as select name from item where price < 2;");
    Flyway flyway = flyway(scripts);

    MigrateResult first = flyway.migrate();
    check(first.migrationsExecuted == 3, "three migrations, not " + first.migrationsExecuted);
    check(flyway.migrate().migrationsExecuted == 0, "nothing left");
    flyway.validate();
    check(number("select count(*) from cheap") == 2, "the view");

    write(scripts, "V3__wrong.sql", "create table half (id int);\nselect * from nowhere;");
    try {
      flyway.migrate();
      throw new AssertionError("a wrong migration went through");
    } catch (FlywayException e) {
      check(e.getMessage().contains("nowhere"), e.getMessage());
    }
    check(number("select count(*) from pg_tables where tablename = 'half'") == 0, "the wrong one is rolled back");
    Files.delete(scripts.resolve("V3__wrong.sql"));
    flyway.repair();

    write(scripts, "V3__more.sql", "create table part (item_id bigint references item on delete cascade deferrable initially deferred, n int check (n > 0));");
    write(scripts, "R__view.sql", "create or replace view cheap as select name from item where price < 3;");
    // Several instances of an application start at once: one migrates, the others wait for its lock.
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starts.add(() -> flyway(scripts).migrate().migrationsExecuted);
      }
      int executed = 0;
      for (Future<Integer> start : pool.invokeAll(starts)) {
        executed += start.get();
      }
      check(executed == 2, "each migration once, not " + executed);
    }
    write(scripts, "V4__no_transaction.sql", "create index concurrently part_n on part (n);");
    write(scripts, "V4__no_transaction.sql.conf", "executeInTransaction=false");
    check(flyway.migrate().migrationsExecuted == 1, "outside a transaction");
    check(flyway.info().current().getVersion().getVersion().equals("4"), "the version");
    flyway.clean();
    check(number("select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0, "all gone");

    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("create table there (id int)");
    }
    Flyway later = Flyway.configure().dataSource(url(), null, null).locations("filesystem:" + scripts).baselineVersion("3").load();
    later.baseline();
    check(later.info().current().getVersion().getVersion().equals("3"), "the baseline");
  }

  private static Flyway flyway(Path scripts) {
    return Flyway.configure().dataSource(url(), null, null).locations("filesystem:" + scripts).cleanDisabled(false).load();
  }

  private static void write(Path scripts, String name, String sql) throws Exception {
    Files.writeString(scripts.resolve(name), sql);
  }

  private static String url() {
    return System.getenv("JDBC_URL");
  }

  private static Connection connect() throws Exception {
    return DriverManager.getConnection(url());
  }

  private static long number(String sql) throws Exception {
    try (Connection c = connect(); Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
