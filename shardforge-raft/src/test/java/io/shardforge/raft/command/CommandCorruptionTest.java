package io.shardforge.raft.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.kv.Mutation;
import io.shardforge.raft.kv.RecordName;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.TxnId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that no leader proposes are refused as corrupt before they change anything. */
class CommandCorruptionTest {
  private static final TxnId TXN = new TxnId(1, 2);
  private static final ShardDescriptor SHARD = new ShardDescriptor(2, KeySpan.ALL, 0, List.of(1));

  private static void refuses(Command command) {
    byte[] bytes = Command.encode(command, 0, 0);
    try (Engine engine = new MemoryEngine()) {
      ApplyContext context =
          new ApplyContext(engine, engine.newBatch(), SHARD, ShardState.initial(0));
      assertThatThrownBy(() -> Command.apply(bytes, 0, bytes.length, context))
          .isInstanceOfSatisfying(
              ShardForgeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
    }
  }

  private static Mutation put(byte[] key) {
    return new Mutation(Mutation.Kind.PUT, TableVersion.NONE, key, new byte[1], Mutation.BLIND, 0);
  }

  @Test
  void emptyKeys() {
    refuses(new WriteCommand(TXN, 7, List.of(put(new byte[0])), List.of()));
    refuses(new PrepareCommand(TXN, new byte[0], 7, 0, List.of(put(new byte[1]))));
    refuses(new PrepareCommand(TXN, new byte[1], 7, 0, List.of(put(new byte[0]))));
    refuses(new TombstoneCommand(List.of(new byte[0])));
    refuses(new ForgetCommand(List.of(new RecordName(TXN, new byte[0]))));
  }

  @Test
  void commitsWithoutWritesOrTime() {
    refuses(new WriteCommand(TXN, 7, List.of(), List.of()));
    refuses(new WriteCommand(TXN, 0, List.of(put(new byte[1])), List.of()));
  }
}
