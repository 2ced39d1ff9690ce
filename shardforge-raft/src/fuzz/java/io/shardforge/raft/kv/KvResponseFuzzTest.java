package io.shardforge.raft.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** Any bytes as a response: refused as corrupt, or a response that can be sent on. */
class KvResponseFuzzTest {
  @FuzzTest
  void refusesOrReads(byte[] bytes) {
    KvResponse response;
    try {
      response = KvCodec.decodeResponse(bytes);
    } catch (ShardForgeException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED);
      return;
    }
    byte[] sent = KvCodec.encode(response);
    assertThat(KvCodec.encode(KvCodec.decodeResponse(sent))).isEqualTo(sent);
  }
}
