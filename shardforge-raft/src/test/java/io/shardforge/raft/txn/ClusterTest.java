package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.raft.kv.KvError;
import io.shardforge.raft.kv.KvException;
import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.clock.SystemClock;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What tests on a cluster in memory share: tables on different shards, and short words. */
abstract class ClusterTest {
  static final TableVersion TABLE = new TableVersion(KeySpace.FIRST_USER_TABLE_ID, 1);
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final Clock clock = new SystemClock();
  LocalCluster cluster = startCluster();

  LocalCluster startCluster() {
    return LocalCluster.start(4, clock);
  }

  @BeforeEach
  final void checkTablesLieApart() {
    assertThat(cluster.locate(key(1, ""))).isNotEqualTo(cluster.locate(key(2, "")));
  }

  @AfterEach
  final void close() {
    cluster.close();
  }

  /** A table id; 1 and 2 lie in different shards. */
  static int table(int number) {
    return KeySpace.FIRST_USER_TABLE_ID + number;
  }

  static byte[] key(int table, String name) {
    return Bytes.concat(KeySpace.indexPrefix(table(table), 1), bytes(name));
  }

  static String nameOf(byte[] key) {
    int prefix = KeySpace.indexPrefix(table(1), 1).length;
    return new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  Txn begin(Isolation isolation) {
    return begin(cluster.transactions(), isolation);
  }

  Txn begin(TxnClient client, Isolation isolation) {
    Txn txn = client.begin(isolation, false);
    next(txn);
    return txn;
  }

  /** The next statement. */
  void next(Txn txn) {
    txn.beginStatement(Deadline.after(clock, PATIENCE), Duration.ZERO);
  }

  long write(byte[] key, String value) {
    Txn txn = begin(Isolation.READ_COMMITTED);
    txn.put(TABLE, key, bytes(value));
    return txn.commit();
  }

  @Nullable String read(byte[] key) {
    Txn txn = begin(Isolation.READ_COMMITTED);
    String value = text(txn.get(key));
    txn.rollback();
    return value;
  }

  /** Rows as name=value, names without their table. */
  static List<String> scan(Txn txn, KeySpan span, boolean reverse) {
    List<String> rows = new ArrayList<>();
    try (KvCursor cursor = txn.scan(span, reverse, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int i = 0; i < page.rows(); i++) {
          rows.add(nameOf(page.key(i)) + "=" + text(page.value(i)));
        }
      }
    }
    return rows;
  }

  static KvError errorOf(ThrowingCallable action) {
    KvException thrown = catchThrowableOfType(KvException.class, action);
    assertThat(thrown).as("an expected failure").isNotNull();
    return thrown.error();
  }

  /** Runs something on a thread of its own. */
  static <T extends @Nullable Object> CompletableFuture<T> async(Supplier<T> action) {
    // A platform thread: what never blocks must not keep the cluster's virtual threads from
    // running.
    return CompletableFuture.supplyAsync(action, task -> Thread.ofPlatform().daemon().start(task));
  }

  static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("it did not end", e);
    }
  }
}
