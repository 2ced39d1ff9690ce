package io.shardforge.server.pgwire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.shardforge.raft.local.LocalCluster;
import io.shardforge.server.ScanWorkers;
import io.shardforge.server.TestServer;
import io.shardforge.server.net.BriefWatch;
import io.shardforge.server.telemetry.MetricHistory;
import io.shardforge.server.telemetry.Telemetry;
import io.shardforge.sql.catalog.system.AccessRulesView;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.session.NodeAlerts;
import io.shardforge.sql.session.NodeConfiguration;
import io.shardforge.sql.session.NodeReports;
import io.shardforge.sql.session.Notice;
import io.shardforge.sql.session.Notification;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.sql.session.SessionListener;
import io.shardforge.sql.session.SessionMonitor;
import io.shardforge.sql.session.SqlLayer;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.clock.SystemClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * pgbench's point read from bytes to bytes on one thread, without sockets and with data in memory:
 * its messages decoded, its plan found in the cache and run, its row encoded.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class PgWireBench {
  private static final String STATEMENT = "select abalance from pgbench_accounts where aid = $1";
  private static final int[] UNKNOWN_TYPES = {};
  private static final short[] TEXT = {};
  private static final byte[][] PARAMETERS = {"4711".getBytes(UTF_8)};
  private static final long MEMORY_BYTES = 64L << 20;

  private final PgDecoder decoder = new PgDecoder();
  private final EmbeddedChannel channel = new EmbeddedChannel(decoder);
  private final ByteBuf execution = execution();
  private final Clock clock = new SystemClock();
  private final LocalCluster cluster = LocalCluster.start(1, clock);
  private final SqlLayer sql = openSql();
  private final Outbox outbox =
      new Outbox(channel, new Inbox(channel, clock, new BriefWatch(clock, 1)), () -> false);
  private final Object[] values = {4711L, 1L, -42L, " ".repeat(84)};
  private final Row row = column -> values[column];
  private @Nullable Session session;
  private @Nullable WireSink rows;

  private SqlLayer openSql() {
    return SqlLayer.open(
        1,
        cluster.transactions(),
        cluster.control(),
        TestServer.alone(clock),
        clock,
        Randomness.secure(),
        new SqlLayer.Threads(
            Executors.newSingleThreadExecutor(
                task -> new Thread(null, task, "parser", SqlParser.STACK_BYTES)),
            ScanWorkers.start()),
        (_, _) -> () -> {},
        new Silence(),
        new NodeReports(
            new MetricHistory(new Telemetry("bench"), clock), new NoAlerts(), (_, _) -> List.of()),
        new Nobody(),
        new Defaults(),
        new SqlLayer.Limits(
            MEMORY_BYTES, Path.of("temp"), MEMORY_BYTES, () -> false, 10, Duration.ofHours(4)));
  }

  @Setup
  public void load() {
    decoder.authenticated();
    channel.writeInbound(startup());
    channel.readInbound();
    sql.catalog().bootstrap(null);
    Session opened =
        sql.sessions()
            .open(
                new SessionFactory.Client(
                    1, "shardforge", "shardforge", Map.of(), null, 0, null, 0, null),
                new Deaf());
    WireSink discarded = sink(opened);
    opened.query(
        "create table pgbench_accounts"
            + " (aid int primary key, bid int, abalance int, filler char(84))",
        discarded);
    opened.query(
        "insert into pgbench_accounts select g, 1, 0, '' from generate_series(1, 10000) g",
        discarded);
    opened.parse("prepared", STATEMENT, UNKNOWN_TYPES);
    outbox.rewind(0);
    session = opened;
    WireSink described = sink(opened);
    SqlType int4 = SqlType.of(PgOid.INT4);
    described.columns(
        List.of(
            new OutputColumn("aid", int4, 0, 0),
            new OutputColumn("bid", int4, 0, 0),
            new OutputColumn("abalance", int4, 0, 0),
            new OutputColumn("filler", SqlType.of(PgOid.BPCHAR), 0, 0)));
    rows = described;
  }

  @TearDown
  public void stop() {
    session().close();
    sql.close();
    cluster.close();
    var _ = channel.close();
  }

  private Session session() {
    Session opened = session;
    if (opened == null) {
      throw new IllegalStateException("not loaded");
    }
    return opened;
  }

  private WireSink sink(Session opened) {
    return new WireSink(
        outbox,
        opened,
        false,
        TEXT,
        () -> {
          throw new IllegalStateException("no COPY here");
        });
  }

  private static ByteBuf startup() {
    ByteBuf body = Unpooled.buffer();
    body.writeInt(0).writeInt(3 << 16);
    for (String string : List.of("user", "ann")) {
      body.writeBytes(string.getBytes(UTF_8)).writeByte(0);
    }
    body.writeByte(0);
    return body.setInt(0, body.readableBytes());
  }

  /** Bind, Describe, Execute and Sync, as pgbench sends them with -M prepared. */
  private static ByteBuf execution() {
    ByteBuf bind = Unpooled.buffer();
    bind.writeByte(0).writeBytes("P0_1".getBytes(UTF_8)).writeByte(0);
    bind.writeShort(0).writeShort(1).writeInt(PARAMETERS[0].length).writeBytes(PARAMETERS[0]);
    bind.writeShort(1).writeShort(0);
    ByteBuf all = Unpooled.buffer();
    message(all, 'B', bind);
    message(all, 'D', Unpooled.buffer().writeByte('P').writeByte(0));
    message(all, 'E', Unpooled.buffer().writeByte(0).writeInt(0));
    message(all, 'S', Unpooled.EMPTY_BUFFER);
    return all;
  }

  private static void message(ByteBuf out, char type, ByteBuf body) {
    out.writeByte(type).writeInt(4 + body.readableBytes()).writeBytes(body);
  }

  /** The four messages of one execution. */
  @Benchmark
  public int decodeExecution() {
    channel.writeInbound(execution.retainedDuplicate());
    int count = 0;
    while (channel.readInbound() != null) {
      count++;
    }
    if (count != 4) {
      throw new IllegalStateException(count + " messages");
    }
    return count;
  }

  /** A whole row of the table as text. */
  @Benchmark
  public boolean encodeRow() {
    WireSink described = rows;
    if (described == null) {
      throw new IllegalStateException("not loaded");
    }
    described.row(row);
    return outbox.rewind(0);
  }

  /** A statement that was prepared before. */
  @Benchmark
  public boolean executePrepared() {
    return execute("prepared");
  }

  /** The same text again: what it was parsed to and its plan are found in caches. */
  @Benchmark
  public boolean parseAndExecute() {
    session().parse("", STATEMENT, UNKNOWN_TYPES);
    return execute("");
  }

  private boolean execute(String statement) {
    Session opened = session();
    opened.bind("", statement, TEXT, PARAMETERS);
    opened.execute("", 0, true, sink(opened));
    opened.sync();
    if (outbox.position() == 0) {
      throw new IllegalStateException("no answer");
    }
    return outbox.rewind(0);
  }

  /** Hears nothing. */
  private static final class Deaf implements SessionListener {
    @Override
    public void notice(Notice notice) {}

    @Override
    public void settingChanged(String name, String value) {}

    @Override
    public void notified(Notification notification) {}

    @Override
    public void wake() {}
  }

  /** Counts nothing. */
  private static final class Silence implements SessionMonitor {
    @Override
    public void statementEnded(String kind, long nanos) {}

    @Override
    public void statementFailed(String sqlState) {}

    @Override
    public void statementRestarted(String cause) {}

    @Override
    public void transactionCommitted() {}

    @Override
    public void transactionRolledBack() {}
  }

  /** Knows no session. */
  private static final class Defaults implements NodeConfiguration {
    @Override
    public boolean hasTls() {
      return false;
    }

    @Override
    public List<AccessRulesView.Entry> accessRules() {
      return List.of();
    }

    @Override
    public void reload() {}

    @Override
    public long loadedMicros() {
      return 0;
    }
  }

  private static final class NoAlerts implements NodeAlerts {
    @Override
    public List<Entry> alerts() {
      return List.of();
    }

    @Override
    public List<Delivery> test() {
      return List.of();
    }
  }

  private static final class Nobody implements SessionFactory.Directory {
    @Override
    public Iterable<Session> sessions() {
      return List.of();
    }

    @Override
    public @Nullable Session session(int processId) {
      return null;
    }

    @Override
    public void cancel(int processId, byte[] secret) {}
  }
}
