package io.shardforge.raft.kv;

import java.util.List;

/** The answer to a batch: all results, or the error of the first request that failed. */
public sealed interface KvResponse {
  /** One result for each request. */
  record Done(List<KvResult> results) implements KvResponse {}

  /** The error of the first request that failed; later ones were not tried. */
  record Failed(KvError error) implements KvResponse {}

  /** An answer to a batch of one. */
  static KvResponse of(KvResult result) {
    return new Done(List.of(result));
  }
}
