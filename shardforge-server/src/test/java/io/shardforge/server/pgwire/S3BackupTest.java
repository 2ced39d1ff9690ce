package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.local.LocalCluster;
import io.shardforge.raft.shard.ReplicaSettings;
import io.shardforge.server.TestServer;
import io.shardforge.sql.backup.BackupSteps.Step;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Backups in a store that speaks S3, which is there, and then is not, or is another one. */
final class S3BackupTest {
  private static final LocalCluster CLUSTER =
      LocalCluster.start(
          2,
          3,
          new SystemClock(),
          Randomness.secure(),
          Thread::startVirtualThread,
          ReplicaSettings.defaults());
  private static final TestServer FIRST = TestServer.onNode(CLUSTER, 1);
  private static final TestServer SECOND = TestServer.onNode(CLUSTER, 2);
  private static final String KEY_ID = "aws.accessKeyId";
  private static final String KEY = "aws.secretAccessKey";

  private final UnreliableStore store = new UnreliableStore(new TransientNio2BlobStore());
  private S3Proxy proxy;

  /** An attempt that dies with its node: nothing of it cleans up. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("died for a test", null, false, false);
    }
  }

  /** A store that fails when it is told to. */
  private static final class UnreliableStore extends ForwardingBlobStore {
    private volatile int failsEvery;
    private volatile boolean losesAnswers;
    private volatile Runnable beforePut = () -> {};
    private int requests;
    private int failures;

    UnreliableStore(BlobStore delegate) {
      super(delegate);
    }

    private synchronized void mayFail() {
      if (failsEvery > 0 && ++requests % failsEvery == 0) {
        failures++;
        throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR);
      }
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
      beforePut.run();
      if (!losesAnswers) {
        mayFail();
      }
      PutObjectResponse answer = super.putBlob(request, content);
      if (losesAnswers) {
        mayFail();
      }
      return answer;
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
      mayFail();
      return super.getBlob(request);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
      mayFail();
      return super.list(request);
    }
  }

  @BeforeAll
  static void giveKeys() {
    System.setProperty(KEY_ID, "node");
    System.setProperty(KEY, "open-sesame");
  }

  @AfterAll
  static void stop() {
    System.clearProperty(KEY_ID);
    System.clearProperty(KEY);
    SECOND.close();
    FIRST.close();
  }

  @BeforeEach
  void serve() throws Exception {
    proxy =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "node", "open-sesame")
            .build();
    proxy.start();
    var _ = store.createContainer("vault");
    FIRST.run("create database bk_bank");
    run(
        "create table account (id int primary key, balance int not null)",
        "insert into account select i, 100 from generate_series(1, 40) i",
        "create table wide (id int primary key, w text)",
        // For several chunks.
        "insert into wide select i, repeat('w', 20000) from generate_series(1, 450) i");
  }

  @AfterEach
  void drop() throws Exception {
    giveKeys();
    FIRST.sql().backupSteps().watch(_ -> {});
    proxy.stop();
    for (String database : query("select datname from pg_database where datname like 'bk%'")) {
      FIRST.run("drop database " + database + " with (force)");
    }
  }

  // ---- Helpers ----

  private String place(String path) {
    return "'s3://%s?endpoint=http://127.0.0.1:%d'".formatted(path, proxy.getPort());
  }

  private String backup(String more) {
    return "select entries from shardforge.backup("
        + place("vault/app")
        + ", databases => '{bk_bank}'"
        + more
        + ")";
  }

  private String restore(String more) {
    return "select * from shardforge.restore("
        + place("vault/app")
        + ", new_database => 'bk_copy'"
        + more
        + ")";
  }

  private static void run(String... statements) throws SQLException {
    try (Connection connection = FIRST.connectTo("bk_bank");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> query(String sql) throws SQLException {
    return query(FIRST, "shardforge", sql);
  }

  /** The rows, with bars between columns. */
  private static List<String> query(TestServer server, String database, String sql)
      throws SQLException {
    try (Connection connection = server.connectTo(database);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(found.getString(i));
        }
        rows.add(String.join("|", row));
      }
      return rows;
    }
  }

  private static String failure(String sql) {
    SQLException e = catchThrowableOfType(SQLException.class, () -> query(sql));
    return e == null ? "done" : e.getSQLState() + " " + e.getMessage();
  }

  private static List<String> content(TestServer server, String database) throws SQLException {
    List<String> content = new ArrayList<>();
    for (String table : List.of("account", "wide")) {
      content.addAll(
          query(
              server,
              database,
              "select count(*), md5(string_agg(t::text, ',' order by id)) from " + table + " t"));
    }
    return content;
  }

  private List<String> objects() {
    return store.list("vault").contents().stream().map(S3Object::key).sorted().toList();
  }

  private byte[] read(String key) throws IOException {
    try (InputStream in = store.getBlob("vault", key)) {
      return in.readAllBytes();
    }
  }

  private void write(String key, byte[] content) {
    var _ =
        store.putBlob(
            PutObjectRequest.builder()
                .bucket("vault")
                .key(key)
                .contentLength((long) content.length)
                .build(),
            new ByteArrayInputStream(content));
  }

  // ---- Tests ----

  @Test
  void aChainIsWrittenShownVerifiedAndRestored() throws Exception {
    String key = ", passphrase => 'long'";
    assertThat(query(backup(key))).containsExactly("490");
    run("update account set balance = 7 where id = 3", "delete from wide where id <= 10");
    List<String> before = content(FIRST, "bk_bank");
    assertThat(query(backup(key + ", incremental => true"))).containsExactly("11");
    assertThat(objects())
        .hasSizeGreaterThan(4)
        .allMatch(name -> name.startsWith("app/"))
        .noneMatch(name -> name.contains("//"));
    assertThat(
            query(
                "select encrypted, finished, base is null, scope from shardforge.backups("
                    + place("vault/app/")
                    + key
                    + ")"))
        .containsExactly("t|t|t|database bk_bank", "t|t|f|database bk_bank");
    assertThat(
            query("select problem from shardforge.verify_backup(" + place("vault/app") + key + ")"))
        .containsExactly("null", "null");
    assertThat(query("select * from shardforge.backups(" + place("vault") + ")"))
        .as("what lies beside is no backup")
        .containsExactly("app|null|null|null|f|f|null|null|null");
    assertThat(failure(restore(""))).startsWith("28P01");
    query(restore(key));
    assertThat(content(SECOND, "bk_copy")).isEqualTo(before);
  }

  @Test
  void aFlippedBitIsFoundBeforeAnythingIsChanged() throws Exception {
    query(backup(""));
    run("update account set balance = balance + 1");
    query(backup(", incremental => true"));
    Random random = new Random(7);
    for (String key : objects()) {
      byte[] whole = read(key);
      byte[] damaged = whole.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      write(key, damaged);
      assertThat(failure(restore(""))).as("%s", key).startsWith("XX001");
      write(key, whole);
    }
    assertThat(query("select 1 from pg_database where datname = 'bk_copy'")).isEmpty();
    query(restore(""));
    assertThat(content(SECOND, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
  }

  @Test
  void requestsThatFailAreMadeAgain() throws Exception {
    store.failsEvery = 3;
    query(backup(""));
    query(backup(", incremental => true"));
    assertThat(query("select problem from shardforge.verify_backup(" + place("vault/app") + ")"))
        .containsExactly("null", "null");
    query(restore(""));
    assertThat(store.failures).isGreaterThan(5);
    store.failsEvery = 0;
    assertThat(content(SECOND, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
  }

  @Test
  void anAnswerThatIsLostIsNoOverwriting() throws Exception {
    store.losesAnswers = true;
    store.failsEvery = 2;
    query(backup(", passphrase => 'long'"));
    assertThat(store.failures).isPositive();
    store.losesAnswers = false;
    store.failsEvery = 0;
    query(restore(", passphrase => 'long'"));
    assertThat(content(SECOND, "bk_copy")).isEqualTo(content(FIRST, "bk_bank"));
  }

  @Test
  void anotherNodeGoesOn() throws Exception {
    List<String> before = content(FIRST, "bk_bank");
    for (Step step : List.of(Step.WRITTEN, Step.NOTED, Step.ENDED)) {
      AtomicBoolean done = new AtomicBoolean();
      FIRST
          .sql()
          .backupSteps()
          .watch(reached -> {
            if (reached == step && done.compareAndSet(false, true)) {
              throw new Death();
            }
          });
      assertThat(failure(backup(", passphrase => 'long'"))).as("%s", step).isNotEqualTo("done");
      SECOND.sql().leftBackups(Duration.ZERO).pass();
    }
    assertThat(
            query(
                "select distinct state from shardforge.jobs where kind = 'backup' and error is"
                    + " null"))
        .containsExactly("done");
    assertThat(
            query(
                "select finished from shardforge.backups("
                    + place("vault/app")
                    + ", passphrase => 'long')"))
        .containsExactly("t", "t", "t");
    query(restore(", passphrase => 'long'"));
    assertThat(content(SECOND, "bk_copy")).isEqualTo(before);
  }

  @Test
  void aStoreThatStaysAwayEndsTheJob() throws Exception {
    store.failsEvery = 1;
    assertThat(failure(backup("")))
        .startsWith("58030")
        .contains("http://127.0.0.1:" + proxy.getPort() + " fails (InternalError)")
        .doesNotContain("\n");
    store.failsEvery = 0;
    assertThat(objects()).isEmpty();
  }

  @Test
  void whatIsCanceledLeavesNothing() throws Exception {
    CountDownLatch canceled = new CountDownLatch(1);
    AtomicBoolean once = new AtomicBoolean();
    store.beforePut =
        () -> {
          if (objects().size() == 1 && once.compareAndSet(false, true)) {
            try {
              FIRST.run(
                  "select pg_cancel_backend(pid) from pg_stat_activity where query like"
                      + " 'select entries from shardforge.%'");
              // The client is gone before it is answered.
              canceled.await();
            } catch (SQLException | InterruptedException e) {
              throw new IllegalStateException(e);
            }
            throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR);
          }
        };
    assertThat(failure(backup(""))).startsWith("57014");
    canceled.countDown();
    assertThat(objects()).isEmpty();
  }

  @Test
  void whatDoesNotWorkIsToldInALine() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    String list = "select * from shardforge.backups(";
    assertThat(failure(list + place("nowhere/app") + ")"))
        .startsWith("58P01")
        .contains("there is no bucket \"nowhere\"");
    assertThat(failure("select * from shardforge.backup(" + place("nowhere/app") + ")"))
        .startsWith("58P01");
    assertThat(failure(list + "'s3://vault?endpoint=http://127.0.0.1:" + nobody + "')"))
        .startsWith("58030")
        .contains("could not reach http://127.0.0.1:" + nobody);
    for (String wrong :
        List.of(
            "s3://",
            "s3://v_/x",
            "s3://id:hush@vault/x",
            "s3://vault/x?AWS_SECRET_ACCESS_KEY=hush",
            "s3://vault/x?endpoint=hush",
            "s3://vault/x?endpoint=ftp://hush",
            "s3://vault/x?path_style=hush")) {
      assertThat(failure(list + "'" + wrong + "')"))
          .as(wrong)
          .startsWith("22023")
          .doesNotContain("hush");
    }
    System.setProperty(KEY, "another");
    assertThat(failure(list + place("vault/app") + ")"))
        .startsWith("28000")
        .contains("does not take the node's keys (SignatureDoesNotMatch)", "AWS_ACCESS_KEY_ID");
    System.setProperty(KEY_ID, "nobody");
    assertThat(failure(list + place("vault/app") + ")")).startsWith("28000");
  }
}
