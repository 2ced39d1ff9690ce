package io.shardforge.raft.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** Any bytes as a batch of requests: refused as corrupt, or a batch that can be sent on. */
class KvBatchFuzzTest {
  private final ManualClock clock = new ManualClock(0);

  @FuzzTest
  void refusesOrReads(byte[] bytes) {
    KvBatch batch;
    try {
      batch = KvCodec.decodeBatch(bytes, clock);
    } catch (ShardForgeException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED);
      return;
    }
    byte[] sent = KvCodec.encode(batch, clock);
    assertThat(KvCodec.encode(KvCodec.decodeBatch(sent, clock), clock)).isEqualTo(sent);
  }
}
