package io.shardforge.storage.bench;

import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeyOrder;
import io.shardforge.storage.key.KeySpace;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Keys of a table with an integer key, as every point read makes them, and of a text index. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class KeyCodecBench {
  private static final byte[] PREFIX = KeySpace.indexPrefix(1001, 1);

  private final KeyEncoder encoder = new KeyEncoder();
  private final KeyDecoder decoder = new KeyDecoder();
  private final byte[] intKey = intKey(4711);
  private final byte[] textKey = textKey("a name of ordinary length", 4711);

  private byte[] intKey(int value) {
    return encoder.reset().putRaw(PREFIX).putInt4(value, KeyOrder.ASC_NULLS_LAST).toByteArray();
  }

  private byte[] textKey(String text, int value) {
    return encoder
        .reset()
        .putRaw(PREFIX)
        .putText(text, KeyOrder.ASC_NULLS_LAST)
        .putInt4(value, KeyOrder.ASC_NULLS_LAST)
        .toByteArray();
  }

  @Benchmark
  public byte[] encodeInt() {
    return intKey(4711);
  }

  @Benchmark
  public byte[] encodeTextAndInt() {
    return textKey("a name of ordinary length", 4711);
  }

  @Benchmark
  public int decodeInt() {
    return decoder.reset(intKey).skip(PREFIX.length).getInt4(KeyOrder.ASC_NULLS_LAST);
  }

  @Benchmark
  public String decodeText() {
    return decoder.reset(textKey).skip(PREFIX.length).getText(KeyOrder.ASC_NULLS_LAST);
  }
}
