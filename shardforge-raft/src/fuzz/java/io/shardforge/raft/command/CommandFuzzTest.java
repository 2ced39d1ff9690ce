package io.shardforge.raft.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.raft.kv.ShardDescriptor;
import io.shardforge.storage.engine.Engine;
import io.shardforge.storage.engine.MemoryEngine;
import io.shardforge.storage.engine.WriteBatch;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpan;
import java.util.HexFormat;
import java.util.List;

/**
 * Any bytes as a command out of the log: refused as corrupt, or applied with the same result on
 * every replica.
 */
class CommandFuzzTest {
  private static final ShardDescriptor SHARD = new ShardDescriptor(2, KeySpan.ALL, 0, List.of(1));

  private static final int COMMANDS_MAX = 4;

  @FuzzTest
  void refusesOrApplies(FuzzedDataProvider data) {
    int count = data.consumeInt(1, COMMANDS_MAX);
    byte[][] commands = new byte[count][];
    for (int i = 0; i < count; i++) {
      commands[i] =
          i == count - 1
              ? data.consumeRemainingAsBytes()
              : data.consumeBytes(data.consumeInt(0, 256));
    }
    assertThat(outcomeOf(commands)).isEqualTo(outcomeOf(commands));
  }

  /** Applies the commands to a new replica, one entry each. */
  private static String outcomeOf(byte[][] commands) {
    StringBuilder outcome = new StringBuilder();
    ShardState state = ShardState.initial(0);
    try (Engine engine = new MemoryEngine()) {
      for (byte[] command : commands) {
        WriteBatch batch = engine.newBatch();
        ApplyContext context = new ApplyContext(engine, batch, SHARD, state);
        outcome.append(Command.apply(command, 0, command.length, context)).append('\n');
        engine.write(batch);
        state = context.state();
      }
    } catch (ShardForgeException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED);
      outcome.append(e.message());
    }
    return outcome.append(HexFormat.of().formatHex(state.encode())).toString();
  }
}
