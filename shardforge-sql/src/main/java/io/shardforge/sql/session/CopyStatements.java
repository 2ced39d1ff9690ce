package io.shardforge.sql.session;

import io.shardforge.raft.kv.KvException;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.exec.CopyReader;
import io.shardforge.sql.exec.CopyWriter;
import io.shardforge.sql.exec.Execution;
import io.shardforge.sql.exec.Executor;
import io.shardforge.sql.exec.Operator;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.function.Consumer;

/** COPY FROM STDIN or a file, and COPY TO STDOUT or a file. */
final class CopyStatements {
  /** Bytes of a COPY TO that are sent as one message, about. */
  private static final int CHUNK_BYTES = 16 << 10;

  private final Session session;
  private final TransactionBlock transaction;

  CopyStatements(Session session, TransactionBlock transaction) {
    this.session = session;
    this.transaction = transaction;
  }

  void from(Plan.CopyFromPlan plan, boolean commitAfter, ResultSink sink) {
    if (transaction.isReadOnly()) {
      throw new ShardForgeException(
          ErrorCode.READ_ONLY_SQL_TRANSACTION,
          "cannot execute COPY FROM in a read-only transaction");
    }
    transaction.statementRan();
    String file = plan.file();
    if (file == null) {
      boolean binary = plan.options().format() == CopyOptions.Format.BINARY;
      read(plan, sink.copyIn(binary, plan.inputColumns().size()), commitAfter, sink);
      return;
    }
    AccessCheck access = AccessCheck.of(transaction.catalog().snapshot(), session.roleId());
    try (CopyFile source = CopyFile.open(file, access)) {
      read(plan, source, commitAfter, sink);
    }
  }

  private void read(
      Plan.CopyFromPlan plan, CopySource source, boolean commitAfter, ResultSink sink) {
    try (Execution execution = session.newExecution(new Object[0]);
        CopyReader reader = new CopyReader(plan, execution)) {
      for (byte[] piece = source.next(); piece != null; piece = source.next()) {
        reader.feed(piece, 0, piece.length);
      }
      long rows = reader.finish();
      if (commitAfter) {
        execution.commitsNext();
      }
      session.finish(execution);
      if (commitAfter) {
        try {
          transaction.commit();
        } catch (KvException e) {
          throw execution.explain(e);
        }
      }
      session.changed(plan.table(), rows);
      sink.complete("COPY " + rows);
    }
  }

  void to(Plan.CopyToPlan plan, ResultSink sink) {
    transaction.statementRan();
    String file = plan.file();
    long rows;
    if (file == null) {
      boolean binary = plan.options().format() == CopyOptions.Format.BINARY;
      int columns = plan.query().columns().size();
      rows =
          write(
              plan,
              () -> sink.copyOut(binary, columns),
              // Clients may take each message for one row, as PostgreSQL sends them.
              out -> sink.copyData(out.array(), 0, out.size()));
      sink.copyDone();
    } else {
      AccessCheck access = AccessCheck.of(transaction.catalog().snapshot(), session.roleId());
      try (CopyOutput target = CopyOutput.open(file, access)) {
        rows = write(plan, () -> {}, target::write);
      }
    }
    sink.complete("COPY " + rows);
  }

  /** Runs the query and hands its rows on, one at a time; returns how many there were. */
  private long write(Plan.CopyToPlan plan, Runnable begin, Consumer<ByteWriter> target) {
    ByteWriter out = new ByteWriter(CHUNK_BYTES);
    long rows = 0;
    try (Execution execution = session.newExecution(new Object[0]);
        Operator operator = Executor.open(plan.query(), execution)) {
      begin.run();
      CopyWriter writer = new CopyWriter(plan.options(), plan.query().columns(), execution);
      writer.header(out);
      for (RowBatch batch = operator.next(); batch != null; batch = operator.next()) {
        for (int i = 0; i < batch.size(); i++) {
          writer.row(batch, i, out);
          send(out, target);
        }
        rows += batch.size();
      }
      writer.trailer(out);
      send(out, target);
    }
    return rows;
  }

  private static void send(ByteWriter out, Consumer<ByteWriter> target) {
    if (out.size() > 0) {
      target.accept(out);
      out.clear();
    }
  }
}
