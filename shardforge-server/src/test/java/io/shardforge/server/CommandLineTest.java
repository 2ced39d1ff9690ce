package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.cli.command.Commands;
import io.shardforge.cli.command.Context;
import io.shardforge.cli.shell.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's commands against a server: what they print, and how they end. */
class CommandLineTest {
  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static TestServer server;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String input = "";

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private int run(String command, String... options) {
    Stream<String> words =
        Stream.of(
                Stream.of(command.split(" ", -1)),
                Stream.of("-h", "127.0.0.1", "-p", Integer.toString(server.address().getPort())),
                Stream.of(options))
            .flatMap(all -> all);
    return Commands.of(context()).execute(words.toArray(String[]::new));
  }

  private String out() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  private String err() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }

  @Test
  void statementsOfTheCommandLine() {
    assertThat(run("sql", "-e", "select 1 as a; select 'x' as b", "-c", "select null as c"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            """
             a\s
            ---
             1
            (1 row)

             b\s
            ---
             x
            (1 row)

             c\s
            ---
            \s
            (1 row)

            """);
    assertThat(run("sql", "--format", "json", "-e", "select 1 as a, true as b, 'x' as c")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            [
              {"a": 1, "b": true, "c": "x"}
            ]
            """);
    assertThat(err()).isEmpty();
  }

  @Test
  void failuresEndAScript() {
    assertThat(run("sql", "-e", "select 1; selec 2; select 3")).isEqualTo(1);
    assertThat(out()).contains("1").doesNotContain("3");
    assertThat(err())
        .isEqualTo(
            """
            ERROR:  syntax error at or near "selec"
            LINE 1: selec 2
                    ^
            """);
    assertThat(run("sql", "--on-error", "continue", "-e", "select 1/0; select 3")).isEqualTo(1);
    assertThat(out()).contains("3");
    assertThat(err()).isEqualTo("ERROR:  division by zero\n");
  }

  @Test
  void scriptsHaveDataAndCommands(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rows.csv");
    input =
        """
        create table script_rows (a int primary key, b text);
        copy script_rows from stdin;
        1\tone
        2\t\\N
        \\.
        \\set which 2
        select :which + 40 as answer \\gset
        insert into script_rows values (:answer, $$x;
        y$$);
        \\pset format csv
        table script_rows order by a;
        \\copy script_rows to %s csv
        select 'select ' || a from script_rows where a = 1 \\gexec
        \\echo done :answer
        drop table script_rows
        """
            .formatted(file);
    assertThat(run("sql", "-q")).as(err()).isZero();
    assertThat(out())
        .isEqualTo(
            """
            a,b
            1,one
            2,
            42,"x;
            y"
            ?column?
            1
            done 42
            """);
    assertThat(file).content().isEqualTo("1,one\n2,\n42,\"x;\ny\"\n");
    assertThat(err()).isEmpty();
  }

  @Test
  void theCatalogIsShownAsPsqlDoes() throws Exception {
    server.run(
        "create table shown (id int primary key, name varchar(9) not null default 'x', unique"
            + " (name), check (id > 0))",
        "create table shown_too (id int references shown)",
        "create view shown_view as select id from shown");
    assertThat(run("sql", "-e", "\\d shown")).isZero();
    assertThat(out())
        .isEqualTo(
            """
                                         Table "public.shown"
             Column |         Type         | Collation | Nullable |        Default        \s
            --------+----------------------+-----------+----------+------------------------
             id     | integer              |           | not null |\s
             name   | character varying(9) |           | not null | 'x'::character varying
            Indexes:
                "shown_pkey" PRIMARY KEY, btree (id)
                "shown_name_key" UNIQUE CONSTRAINT, btree (name)
            Check constraints:
                "shown_id_check" CHECK (id > 0)
            Referenced by:
                TABLE "shown_too" CONSTRAINT "shown_too_id_fkey" FOREIGN KEY (id) REFERENCES shown(id)

            """);
    for (String command :
        new String[] {
          "\\d",
          "\\d+ shown",
          "\\d+ shown_view",
          "\\l+",
          "\\dn",
          "\\dt+ sh*",
          "\\di",
          "\\du",
          "\\df",
          "\\dT",
          "\\dD",
          "\\dx",
          "\\dp",
          "\\dconfig work*",
          "\\d shown_pkey",
          "\\dtv public.*",
          "\\sv shown_view",
          "\\conninfo",
          "\\?"
        }) {
      assertThat(run("sql", "-e", command)).as(command + ": " + err()).isZero();
      assertThat(out()).as(command).isNotEmpty();
      assertThat(err()).as(command).isEmpty();
    }
    assertThat(run("sql", "-e", "\\d nothing")).isEqualTo(1);
    assertThat(err()).isEqualTo("Did not find any relation named \"nothing\".\n");
    server.run("drop table shown_too", "drop view shown_view", "drop table shown");
  }

  /** The first attempt has read what another transaction changes before it writes itself. */
  @Test
  void whatLostAgainstOthersIsTriedAgain() throws Exception {
    server.run("create table contested (id int primary key, v int)");
    server.run("insert into contested values (1, 0)");
    String block =
        "begin isolation level repeatable read; select v as seen from contested; select"
            + " pg_advisory_xact_lock(1) is null as held; update contested set v = v + 1; commit";
    assertThat(runAgainstAnother("0", block)).isEqualTo(1);
    assertThat(err()).contains("could not serialize");
    out();
    assertThat(runAgainstAnother("3", block)).as(err()).isZero();
    assertThat(out()).containsOnlyOnce("seen").contains("UPDATE 1", "COMMIT");
    assertThat(server.query("select v from contested")).containsExactly("21");
    server.run("drop table contested");
  }

  private int runAgainstAnother(String retries, String block) throws Exception {
    try (Connection other = server.connect();
        Statement statement = other.createStatement()) {
      statement.execute("select pg_advisory_lock(1)");
      CompletableFuture<Integer> code =
          CompletableFuture.supplyAsync(() -> run("sql", "--retry", retries, "-e", block));
      String waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted";
      while (!server.query(waiting).equals(List.of("1"))) {
        Thread.onSpinWait();
      }
      statement.execute("update contested set v = v + 10");
      statement.execute("select pg_advisory_unlock(1)");
      return code.join();
    }
  }

  @Test
  void nodesShardsAndJobs() throws Exception {
    server.run("create table cut (id int primary key)");
    assertThat(run("node status", "--format", "csv")).isZero();
    assertThat(out()).startsWith("node,state,live,replicas,leaders,address").hasLineCount(2);
    assertThat(run("shard split cut 50", "--format", "csv")).as(err()).isZero();
    assertThat(out()).matches("shard\n\\d+\n");
    assertThat(run("shard list cut", "--format", "csv")).isZero();
    assertThat(out()).hasLineCount(3);
    assertThat(run("shard balance")).isZero();
    assertThat(run("job list")).isZero();
    out();
    assertThat(run("job pause moves")).as(err()).isZero();
    assertThat(server.query("show shardforge.moves_at_once")).containsExactly("0");
    assertThat(run("job resume moves")).isZero();
    assertThat(server.query("show shardforge.moves_at_once")).containsExactly("2");
    assertThat(run("job pause everything")).isEqualTo(2);
    assertThat(err()).contains("'everything' is no job", "scrub").hasLineCount(1);
    assertThat(run("job cancel 12345678")).isEqualTo(1);
    assertThat(err()).startsWith("ERROR:  job 12345678 is not known in this database\n");
    assertThat(run("job pause 12345678")).isEqualTo(1);
    assertThat(err()).contains("is not known");
    assertThat(run("job cancel moves")).isEqualTo(2);
    assertThat(err()).contains("'moves'").hasLineCount(1);
    server.run("drop table cut");
  }

  @Test
  void nodesAreDrainedBySuperusersOnly() throws Exception {
    assertThat(run("node drain 77")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR:  node 77 does not exist\n");
    assertThat(run("node drain 1 --no-wait")).as(err()).isZero();
    assertThat(out()).startsWith("node 1 draining: ");
    assertThat(run("node recommission 1", "--format", "tsv")).isZero();
    assertThat(out()).isEqualTo("node\tstate\n1\tactive\n");
    server.run("create role nobody_special login");
    assertThat(run("node decommission 1", "-U", "nobody_special")).isEqualTo(1);
    assertThat(run("shard move 2 --from 1 --to 2", "-U", "nobody_special")).isEqualTo(1);
    assertThat(err()).contains("must be superuser").hasLineCount(2);
    server.run("drop role nobody_special");
  }

  @Test
  void loadsKeepTheirPromises() {
    for (String load : new String[] {"bank", "kv", "tpcb", "tpcc --small", "ycsb"}) {
      int made = run("workload init " + load, "--rows", "2", "--drop");
      int code = run("workload run " + load, "--rows", "2", "--clients", "2", "--duration", "1");
      String printed = out();
      assertThat(made + code).as(load + printed + err()).isZero();
      assertThat(printed).contains("p99 ms");
      assertThat(printed.contains("the sums are right"))
          .as(load)
          .isEqualTo(load.equals("bank") || load.startsWith("tpc"));
      assertThat(printed.contains("new orders a minute")).isEqualTo(load.startsWith("tpcc"));
    }
    assertThat(run("workload run tpcx")).isEqualTo(2);
    assertThat(err()).contains("no workload 'tpcx'").hasLineCount(1);
  }

  @Test
  void whatIsBackedUpComesBack(@TempDir Path directory) throws Exception {
    String target = directory.resolve("it's here").toString();
    Path passphrase = Files.writeString(directory.resolve("passphrase"), "open; 'sesame'\n");
    String[] key = {"--passphrase-file", passphrase.toString()};
    server.run("create table kept (id int primary key)", "insert into kept values (1), (2)");
    assertThat(backup("create", target, "--tables", "kept", key[0], key[1])).as(err()).isZero();
    server.run("insert into kept values (3)");
    assertThat(backup("create", target, "--tables", "kept", "--incremental", key[0], key[1]))
        .as(err())
        .isZero();
    out();
    assertThat(backup("list", target, "--format", "csv", key[0], key[1])).isZero();
    assertThat(out()).contains("taken_at").hasLineCount(3);
    assertThat(backup("verify", target)).isEqualTo(1);
    assertThat(err()).contains("backup is encrypted");

    server.run("drop table kept");
    assertThat(restore(target, "--tables", "kept", key[0], key[1])).as(err()).isZero();
    assertThat(server.query("select id from kept order by id")).containsExactly("1", "2", "3");
    assertThat(restore(target, "--tables", "kept", key[0], key[1])).isEqualTo(1);
    assertThat(err()).contains("already exists");

    assertThat(backup("verify", target, key)).as(err()).isZero();
    try (Stream<Path> files = Files.walk(Path.of(target))) {
      Path chunk =
          files
              .filter(file -> file.getFileName().toString().startsWith("chunk"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(chunk);
      bytes[bytes.length / 2] ^= 1;
      Files.write(chunk, bytes);
    }
    assertThat(backup("verify", target, key)).isEqualTo(1);
    assertThat(out()).contains("is damaged");
  }

  @Test
  void backupsAreScheduledAndTimesRestored(@TempDir Path directory) throws Exception {
    String target = directory.resolve("times").toString();
    server.run("create table timed (id int primary key)", "insert into timed values (1)");
    assertThat(backup("create", target, "--tables", "timed", "--history")).as(err()).isZero();
    server.run("drop table timed");
    assertThat(restore(target, "--at", "1999-12-31 12:00+00")).isEqualTo(1);
    assertThat(err()).contains("no backup has the state of 1999-12-31 12:00:00.000+00");
    String taken =
        server.query("select taken_at from shardforge.backups('" + target + "')").getFirst();
    assertThat(restore(target, "--at", taken)).as(err()).isZero();
    assertThat(server.query("select id from timed")).containsExactly("1");

    String[] schedule = {"often", target, "6 hours", "--full-every", "4", "--keep", "2"};
    assertThat(run("backup schedule create", schedule)).as(err()).isZero();
    assertThat(run("backup schedule create", schedule)).isEqualTo(1);
    assertThat(err()).contains("already exists");
    out();
    assertThat(run("backup schedule pause", "often")).as(err()).isZero();
    assertThat(run("backup schedule list", "--format", "csv")).isZero();
    assertThat(out()).contains("6 hours").contains("paused");
    assertThat(run("backup schedule resume", "often")).as(err()).isZero();
    assertThat(run("backup schedule drop", "often")).as(err()).isZero();
    assertThat(run("backup schedule drop", "often")).isEqualTo(1);
    assertThat(run("backup schedule create", "often")).isEqualTo(2);
  }

  private int backup(String act, String target, String... options) {
    return run(
        "backup " + act,
        Stream.concat(Stream.of(target), Stream.of(options)).toArray(String[]::new));
  }

  private int restore(String target, String... options) {
    return run(
        "restore", Stream.concat(Stream.of(target), Stream.of(options)).toArray(String[]::new));
  }

  @Test
  void aBundleHasNoSecrets(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("bundle.zip");
    assertThat(run("debug bundle " + file)).isZero();
    Map<String, String> parts = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        parts.put(
            entry.getName(),
            new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(parts).containsKeys("nodes.csv", "shards.csv", "settings.csv", "statements.csv");
    assertThat(parts.get("sessions.csv")).contains("query_length").doesNotContain("SELECT");
    assertThat(run("debug bundle " + file)).isEqualTo(1);
    assertThat(err()).isNotEmpty();
  }

  @Test
  void certificatesServeNodesAndClients(@TempDir Path directory) throws Exception {
    String where = directory.toString();
    for (String[] command :
        new String[][] {
          {"cert", "create-ca", "--certs-dir", where},
          {"cert", "create-ca", "--clients", "--certs-dir", where},
          {"cert", "create-node", "localhost", "127.0.0.1", "--certs-dir", where},
          {"cert", "create-client", "shardforge", "--certs-dir", where}
        }) {
      assertThat(Commands.of(context()).execute(command)).as(err()).isZero();
    }
    assertThat(Commands.of(context()).execute("cert", "create-ca", "--certs-dir", where))
        .isEqualTo(1);
    assertThat(err()).contains("is there already");
    assertThat(Files.getPosixFilePermissions(directory.resolve("node.key")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    Path access = directory.resolve("access");
    Files.writeString(access, "hostssl all all all cert\n");
    try (TestServer secured = TestServer.secured(directory, access)) {
      String url =
          "postgresql://shardforge@127.0.0.1:%d/shardforge?sslmode=verify-full&sslrootcert=%s/ca.crt"
              .formatted(secured.address().getPort(), where);
      String own =
          "&sslcert=%1$s/client.shardforge.crt&sslkey=%1$s/client.shardforge.key".formatted(where);
      assertThat(Commands.of(context()).execute("sql", "--url", url + own, "-t", "-e", "select 7"))
          .as(err())
          .isZero();
      assertThat(out()).contains("7");
      assertThat(Commands.of(context()).execute("sql", "--url", url, "-e", "select 7"))
          .isEqualTo(3);
    }
  }

  private Context context() {
    return new Context(
        Streams.of(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8)),
        Map.of());
  }

  @Test
  void aPasswordIsNeeded() {
    try (TestServer locked = TestServer.start(false, 10)) {
      String url = "postgresql://shardforge:%s@127.0.0.1:" + locked.address().getPort();
      assertThat(
              Commands.of(context())
                  .execute("sql", "--url", url.formatted("secret"), "-e", "select 1"))
          .isZero();
      assertThat(
              Commands.of(context())
                  .execute("sql", "--url", url.formatted("wrong"), "-e", "select 1"))
          .isEqualTo(3);
      assertThat(err()).contains("password authentication failed");
    }
  }
}
