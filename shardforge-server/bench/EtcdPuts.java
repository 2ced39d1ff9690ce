import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.ClientCalls;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;

/**
 * Load on etcd: clients that each put a random key of 8 bytes and wait for the answer, over gRPC
 * without blocking.
 *
 * <p>Run by run.sh as a source file, with ShardForge's class path for the gRPC client that Ratis
 * brings. Prints puts per second, failures, and the processor seconds that this driver itself took.
 *
 * <p>Arguments: endpoints separated by commas, clients, connections to each endpoint, seconds,
 * keys, bytes of a value.
 */
class EtcdPuts {
  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        }
      };

  private static final MethodDescriptor<byte[], byte[]> PUT =
      MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("etcdserverpb.KV/Put")
          .build();

  private final LongAdder done = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final int keys;
  private final byte[] value;
  private final long end;
  private final CountDownLatch running;

  private EtcdPuts(int clients, int keys, int valueBytes, long end) {
    this.running = new CountDownLatch(clients);
    this.keys = keys;
    this.value = new byte[valueBytes];
    this.end = end;
    Arrays.fill(value, (byte) 'x');
  }

  public static void main(String[] args) throws InterruptedException {
    String[] endpoints = args[0].split(",");
    int clients = Integer.parseInt(args[1]);
    int connections = Integer.parseInt(args[2]);
    int seconds = Integer.parseInt(args[3]);
    List<ManagedChannel> channels = new ArrayList<>();
    for (String endpoint : endpoints) {
      for (int i = 0; i < connections; i++) {
        channels.add(
            NettyChannelBuilder.forTarget(endpoint).usePlaintext().directExecutor().build());
      }
    }
    run(channels, clients, args, Math.max(1, seconds / 5));
    long busyBefore = busyNanos();
    long start = System.nanoTime();
    EtcdPuts load = run(channels, clients, args, seconds);
    double took = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "puts_per_second %.0f failed %d driver_cpu_seconds %.1f%n",
        load.done.sum() / took, load.failed.sum(), (busyNanos() - busyBefore) / 1e9);
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static EtcdPuts run(
      List<ManagedChannel> channels, int clients, String[] args, int seconds)
      throws InterruptedException {
    EtcdPuts load =
        new EtcdPuts(
            clients,
            Integer.parseInt(args[4]),
            Integer.parseInt(args[5]),
            System.nanoTime() + seconds * 1_000_000_000L);
    for (int client = 0; client < clients; client++) {
      load.put(channels.get(client % channels.size()));
    }
    load.running.await();
    return load;
  }

  private void put(ManagedChannel channel) {
    if (System.nanoTime() - end >= 0) {
      running.countDown();
      return;
    }
    ClientCalls.asyncUnaryCall(
        channel.newCall(PUT, CallOptions.DEFAULT),
        request(ThreadLocalRandom.current().nextInt(keys)),
        new StreamObserver<byte[]>() {
          @Override
          public void onNext(byte[] response) {
            done.increment();
          }

          @Override
          public void onError(Throwable error) {
            failed.increment();
            put(channel);
          }

          @Override
          public void onCompleted() {
            put(channel);
          }
        });
  }

  /** A PutRequest: field 1 the key, field 2 the value. */
  private byte[] request(long key) {
    ByteArrayOutputStream message = new ByteArrayOutputStream(value.length + 16);
    message.write(0x0A);
    message.write(Long.BYTES);
    message.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(key).array());
    message.write(0x12);
    int length = value.length;
    while (length > 0x7F) {
      message.write(length & 0x7F | 0x80);
      length >>>= 7;
    }
    message.write(length);
    message.writeBytes(value);
    return message.toByteArray();
  }

  private static long busyNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }
}
