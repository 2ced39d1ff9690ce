package io.shardforge.raft.command;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/**
 * A change that every replica of a shard makes in the same way. The lease holder has judged it
 * under latches; applying it asks nothing but the replicated state.
 */
public sealed interface Command
    permits AbortCommand,
        BoundCommand,
        CloseCommand,
        CommitCommand,
        FinishCommand,
        FloorCommand,
        ForgetCommand,
        GcThresholdCommand,
        LeaseCommand,
        MembersCommand,
        MergeCommand,
        MergeStepCommand,
        OutcomeExpiryCommand,
        PrepareCommand,
        PublishedCommand,
        PushCommand,
        ResolveCommand,
        ResolveSpanCommand,
        SplitCommand,
        StageCommand,
        TombstoneCommand,
        UndoCommand,
        WriteCommand {

  /** Adds the command's bytes. */
  void put(WireWriter out);

  /** Makes the change. */
  CommandResult apply(ApplyContext context);

  /**
   * Whether latches keep it apart from every other command under way, so that several may share one
   * entry of the log.
   */
  default boolean isLatched() {
    return true;
  }

  /** The bytes of a command under an epoch and a lease. */
  static byte[] encode(Command command, long epoch, long leaseNumber) {
    WireWriter out = new WireWriter(128);
    out.putByte(codeOf(command)).putVarint(epoch).putVarint(leaseNumber);
    command.put(out);
    return out.toByteArray();
  }

  /**
   * Decodes and applies one command, unless shard or lease are not those under which it was judged:
   * then nothing happens.
   */
  static CommandResult apply(byte[] bytes, int offset, int length, ApplyContext context) {
    WireReader in = new WireReader(bytes, offset, length);
    int code = in.readByte();
    long epoch = in.readVarint();
    long leaseNumber = in.readVarint();
    if (epoch != context.state().epoch()) {
      return CommandResult.STALE;
    }
    // A lease command brings its own comparison.
    if (code != LeaseCommand.CODE && leaseNumber != context.state().leaseNumber()) {
      return CommandResult.STALE;
    }
    Command command = read(code, in);
    in.expectEnd();
    return command.apply(context);
  }

  /** Whether the bytes of a command start like those of a {@link LeaseCommand}. */
  static boolean isLease(byte firstByte) {
    return firstByte == LeaseCommand.CODE;
  }

  /**
   * Whether commands that start like this never leave provisional writes or records of
   * transactions.
   */
  static boolean isSettled(byte firstByte) {
    return switch (firstByte) {
      case LeaseCommand.CODE,
          BoundCommand.CODE,
          OutcomeExpiryCommand.CODE,
          GcThresholdCommand.CODE,
          SplitCommand.CODE,
          MembersCommand.CODE,
          MergeStepCommand.CODE,
          PublishedCommand.CODE,
          CloseCommand.CODE,
          TombstoneCommand.CODE ->
          true;
      default -> false;
    };
  }

  /** The newest timestamp that an entry of the log would bring, 0 for none. */
  static long newestTimestamp(byte[] entry) {
    WireReader in = new WireReader(entry);
    long newest = 0;
    for (int left = in.readCount(); left > 0; left--) {
      WireReader each = new WireReader(in.readBytes());
      int code = each.readByte();
      each.readVarint();
      each.readVarint();
      newest = Math.max(newest, newestTimestamp(read(code, each)));
    }
    return newest;
  }

  private static long newestTimestamp(Command command) {
    return switch (command) {
      case WriteCommand c -> c.commitTs();
      case PrepareCommand c -> c.minCommitTs();
      case StageCommand c -> c.minCommitTs();
      case FinishCommand c -> c.commitTs();
      case CommitCommand c -> c.commitTs();
      case ResolveCommand c -> c.commitTs();
      case ResolveSpanCommand c -> c.commitTs();
      case PushCommand c -> c.minCommitTs();
      case BoundCommand c -> c.bound();
      case CloseCommand c -> c.closedTs();
      case GcThresholdCommand c -> c.threshold();
      case MergeCommand c -> Math.max(c.freshTs(), c.rightState().closedTs());
      case LeaseCommand _,
          MergeStepCommand _,
          AbortCommand _,
          UndoCommand _,
          ForgetCommand _,
          OutcomeExpiryCommand _,
          FloorCommand _,
          TombstoneCommand _,
          SplitCommand _,
          PublishedCommand _,
          MembersCommand _ ->
          0;
    };
  }

  private static int codeOf(Command command) {
    return switch (command) {
      case LeaseCommand _ -> LeaseCommand.CODE;
      case WriteCommand _ -> WriteCommand.CODE;
      case PrepareCommand _ -> PrepareCommand.CODE;
      case StageCommand _ -> StageCommand.CODE;
      case FinishCommand _ -> FinishCommand.CODE;
      case CommitCommand _ -> CommitCommand.CODE;
      case AbortCommand _ -> AbortCommand.CODE;
      case ResolveCommand _ -> ResolveCommand.CODE;
      case ResolveSpanCommand _ -> ResolveSpanCommand.CODE;
      case PushCommand _ -> PushCommand.CODE;
      case UndoCommand _ -> UndoCommand.CODE;
      case ForgetCommand _ -> ForgetCommand.CODE;
      case OutcomeExpiryCommand _ -> OutcomeExpiryCommand.CODE;
      case BoundCommand _ -> BoundCommand.CODE;
      case FloorCommand _ -> FloorCommand.CODE;
      case GcThresholdCommand _ -> GcThresholdCommand.CODE;
      case TombstoneCommand _ -> TombstoneCommand.CODE;
      case MergeStepCommand _ -> MergeStepCommand.CODE;
      case MergeCommand _ -> MergeCommand.CODE;
      case SplitCommand _ -> SplitCommand.CODE;
      case PublishedCommand _ -> PublishedCommand.CODE;
      case CloseCommand _ -> CloseCommand.CODE;
      case MembersCommand _ -> MembersCommand.CODE;
    };
  }

  private static Command read(int code, WireReader in) {
    return switch (code) {
      case LeaseCommand.CODE -> LeaseCommand.read(in);
      case WriteCommand.CODE -> WriteCommand.read(in);
      case PrepareCommand.CODE -> PrepareCommand.read(in);
      case StageCommand.CODE -> StageCommand.read(in);
      case FinishCommand.CODE -> FinishCommand.read(in);
      case CommitCommand.CODE -> CommitCommand.read(in);
      case AbortCommand.CODE -> AbortCommand.read(in);
      case ResolveCommand.CODE -> ResolveCommand.read(in);
      case ResolveSpanCommand.CODE -> ResolveSpanCommand.read(in);
      case PushCommand.CODE -> PushCommand.read(in);
      case UndoCommand.CODE -> UndoCommand.read(in);
      case ForgetCommand.CODE -> ForgetCommand.read(in);
      case OutcomeExpiryCommand.CODE -> OutcomeExpiryCommand.read(in);
      case BoundCommand.CODE -> BoundCommand.read(in);
      case FloorCommand.CODE -> FloorCommand.read(in);
      case GcThresholdCommand.CODE -> GcThresholdCommand.read(in);
      case TombstoneCommand.CODE -> TombstoneCommand.read(in);
      case MergeStepCommand.CODE -> MergeStepCommand.read(in);
      case MergeCommand.CODE -> MergeCommand.read(in);
      case SplitCommand.CODE -> SplitCommand.read(in);
      case PublishedCommand.CODE -> PublishedCommand.read(in);
      case CloseCommand.CODE -> CloseCommand.read(in);
      case MembersCommand.CODE -> MembersCommand.read(in);
      default -> throw WireReader.corrupt("command code " + code);
    };
  }
}
