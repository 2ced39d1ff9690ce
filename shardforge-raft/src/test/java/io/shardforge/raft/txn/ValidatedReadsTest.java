package io.shardforge.raft.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.kv.ValidatedRead;
import io.shardforge.storage.key.KeySpan;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is left to be proved of what a transaction has read. */
final class ValidatedReadsTest {
  private static final byte[] KEY = bytes("k");
  private static final long READ_TS = 100;

  private final ValidatedReads reads = new ValidatedReads();
  private final WriteBuffer writes = new WriteBuffer();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void write(long replacesTs) {
    writes.put(new TableVersion(1, 1), KEY, bytes("new"), replacesTs, 1);
  }

  @Test
  void aWriteOverTheVersionReadProvesTheRead() {
    reads.add(KeySpan.ofKey(KEY), READ_TS);
    reads.add(KeySpan.ofKey(bytes("other")), READ_TS);
    write(READ_TS);
    reads.dropThoseProvedBy(writes);
    assertThat(reads.all())
        .containsExactly(new ValidatedRead(KeySpan.ofKey(bytes("other")), READ_TS));
  }

  @Test
  void aWriteOverALaterVersionProvesNothing() {
    reads.add(KeySpan.ofKey(KEY), READ_TS);
    write(READ_TS + 1);
    reads.dropThoseProvedBy(writes);
    assertThat(reads.all()).hasSize(1);
  }

  @Test
  void aWriteThatHasNotLookedProvesNothing() {
    reads.add(KeySpan.ofKey(KEY), READ_TS);
    write(Mutation.BLIND);
    reads.dropThoseProvedBy(writes);
    assertThat(reads.all()).hasSize(1);
  }

  @Test
  void aWriteWhereNoRowMayBeDoesNotProveThatThereWasNone() {
    reads.add(KeySpan.ofKey(KEY), READ_TS);
    write(0);
    reads.dropThoseProvedBy(writes);
    assertThat(reads.all()).hasSize(1);
  }

  @Test
  void aWriteProvesNothingOfItsNeighbors() {
    reads.add(new KeySpan(KEY, bytes("m")), READ_TS);
    write(READ_TS);
    reads.dropThoseProvedBy(writes);
    assertThat(reads.all()).hasSize(1);
  }
}
