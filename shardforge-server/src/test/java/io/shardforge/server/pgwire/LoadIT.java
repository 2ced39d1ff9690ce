package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many clients at once: a thousand that say nothing and two hundred that work. */
final class LoadIT {
  private static final int IDLE = 1_000;
  private static final int ACTIVE = 200;
  private static final int ROUNDS = 10;

  /** What a connection may keep of the heap, with the test's own end of it. */
  private static final long IDLE_HEAP_BYTES_MAX = 64 << 10;

  private static final int COLLECTIONS = 3;

  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(true, IDLE + ACTIVE + 10);
    try (Client client = new Client(server.address())) {
      assertThat(client.errors("create table acc (id int primary key, n int not null)")).isZero();
      assertThat(client.errors("insert into acc select i, 0 from generate_series(1, 1000) i"))
          .isZero();
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** One connection with as little of its own as possible. */
  private static final class Client implements AutoCloseable {
    private final SocketChannel channel;

    Client(InetSocketAddress address) throws IOException {
      channel = SocketChannel.open(address);
      byte[] parameters =
          "user\0shardforge\0database\0shardforge\0\0".getBytes(StandardCharsets.US_ASCII);
      ByteBuffer startup = ByteBuffer.allocate(2 * Integer.BYTES + parameters.length);
      startup.putInt(startup.capacity()).putInt(3 << 16).put(parameters).flip();
      channel.write(startup);
      assertThat(errorsUntilReady()).isZero();
    }

    /** Runs a statement and counts the errors it is answered with. */
    int errors(String sql) throws IOException {
      byte[] text = (sql + "\0").getBytes(StandardCharsets.UTF_8);
      ByteBuffer query = ByteBuffer.allocate(1 + Integer.BYTES + text.length);
      query.put((byte) 'Q').putInt(Integer.BYTES + text.length).put(text).flip();
      channel.write(query);
      return errorsUntilReady();
    }

    private int errorsUntilReady() throws IOException {
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      int errors = 0;
      int type;
      do {
        type = in.readUnsignedByte();
        in.skipNBytes(in.readInt() - Integer.BYTES);
        if (type == 'E') {
          errors++;
        }
      } while (type != 'Z');
      return errors;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static long usedHeapBytes() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static int work(int number) throws IOException {
    int errors = 0;
    try (Client client = new Client(server.address())) {
      for (int round = 0; round < ROUNDS; round++) {
        errors += client.errors("select n from acc where id = " + (number + round));
        errors += client.errors("update acc set n = n + 1 where id = " + (number + 1));
      }
    }
    return errors;
  }

  @Test
  void manyIdleAndManyActiveConnections() throws Exception {
    List<Client> idle = new ArrayList<>();
    try {
      // The first ones bring classes and caches with them.
      for (int i = 0; i < 10; i++) {
        idle.add(new Client(server.address()));
      }
      long before = usedHeapBytes();
      for (int i = 0; i < IDLE; i++) {
        idle.add(new Client(server.address()));
      }
      long each = (usedHeapBytes() - before) / IDLE;
      System.Logger log = System.getLogger(LoadIT.class.getName());
      log.log(System.Logger.Level.INFO, "heap of an idle connection, both ends: {0} bytes", each);
      assertThat(each).isLessThanOrEqualTo(IDLE_HEAP_BYTES_MAX);

      List<FutureTask<Integer>> workers = new ArrayList<>();
      for (int i = 0; i < ACTIVE; i++) {
        int number = i;
        FutureTask<Integer> worker = new FutureTask<>(() -> work(number));
        workers.add(worker);
        Thread.ofVirtual().start(worker);
      }
      for (FutureTask<Integer> worker : workers) {
        assertThat(worker.get()).isZero();
      }
      for (Client client : idle) {
        assertThat(client.errors("select 1")).isZero();
      }
      assertThat(idle.getFirst().errors("select 1 / (sum(n) - " + ACTIVE * ROUNDS + ") from acc"))
          .as("every update counted: the division by zero fails")
          .isEqualTo(1);
    } finally {
      for (Client client : idle) {
        client.close();
      }
    }
  }
}
