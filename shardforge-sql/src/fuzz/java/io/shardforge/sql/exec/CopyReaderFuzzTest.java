package io.shardforge.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.CopyOptions.Format;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.file.Path;
import java.util.List;

/**
 * Any bytes as the input of COPY: rows or the user's error, the same whatever pieces they come in.
 */
class CopyReaderFuzzTest {
  private final Path directory = Path.of(System.getProperty("java.io.tmpdir"), "unused");

  @FuzzTest
  void readsOrRefuses(FuzzedDataProvider data) {
    Format format = data.pickValue(Format.values());
    boolean header = data.consumeBoolean() && format != Format.BINARY;
    CopyOptions options =
        new CopyOptions(
            format,
            header,
            header && data.consumeBoolean(),
            format == Format.CSV ? ',' : '\t',
            format == Format.CSV ? "" : "\\N",
            '"',
            data.consumeBoolean() ? '"' : '\\',
            List.of(),
            List.of(),
            List.of(),
            null);
    int piece = data.consumeInt(1, 32);
    byte[] bytes = data.consumeRemainingAsBytes();
    assertThat(copy(options, bytes, piece))
        .isEqualTo(copy(options, bytes, Math.max(1, bytes.length)));
  }

  private String copy(CopyOptions options, byte[] bytes, int piece) {
    List<Expression> defaults =
        List.of(
            Plans.value(Plans.INT4, 99L),
            Plans.value(Plans.TEXT, "none"),
            Plans.value(Plans.INT4, null));
    Plan.CopyFromPlan plan =
        new Plan.CopyFromPlan(
            Plans.table(),
            List.of(0, 1, 2),
            defaults,
            List.of(),
            null,
            DerivedValues.NONE,
            options,
            null);
    Bench bench = new Bench(directory);
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn);
        CopyReader reader = new CopyReader(plan, execution)) {
      for (int at = 0; at < bytes.length; at += piece) {
        reader.feed(bytes, at, Math.min(piece, bytes.length - at));
      }
      return "rows " + reader.finish();
    } catch (ShardForgeException e) {
      assertThat(e.code().isServerFault()).as(e.message()).isFalse();
      return e.code() + " " + e.message() + " " + e.where();
    }
  }
}
