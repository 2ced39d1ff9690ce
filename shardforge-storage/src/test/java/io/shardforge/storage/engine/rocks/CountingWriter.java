package io.shardforge.storage.engine.rocks;

import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.Family;
import io.shardforge.storage.key.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A process that writes numbered entries until it is killed, and says when it has written much. */
final class CountingWriter {
  static final String READY = "ready";
  static final byte[] APPLIED_KEY = {1};

  private static final int READY_AT = 10_000;
  private static final int VALUE_BYTES = 2_000;
  private static final RocksOptions SIZES = new RocksOptions(8 << 20, 2 << 20, 2, 64);

  private CountingWriter() {}

  public static void main(String[] args) throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    try (Engine engine = RocksEngine.open(Path.of(args[0]), SIZES)) {
      for (long index = 1; ; index++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        engine.write(
            engine
                .newBatch()
                .put(Family.CURRENT, Bytes.ofLong(index), value)
                .put(Family.APPLIED, APPLIED_KEY, Bytes.ofLong(index)));
        if (index == READY_AT) {
          System.out.write((READY + "\n").getBytes(StandardCharsets.US_ASCII));
          System.out.flush();
        }
      }
    }
  }
}
