package io.shardforge.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.RowBatch;
import io.shardforge.sql.plan.CopyOptions;
import io.shardforge.sql.plan.CopyOptions.Format;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Plan;
import io.shardforge.sql.row.DerivedValues;
import io.shardforge.sql.type.ByteWriter;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY in and out, whatever pieces the bytes come in. */
class CopyTest {
  private final TableDescriptor table = Plans.table();
  @TempDir private Path directory;
  private Bench bench = new Bench(Path.of(System.getProperty("java.io.tmpdir"), "unused"));

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  private static CopyOptions options(Format format) {
    return new CopyOptions(
        format,
        false,
        false,
        format == Format.CSV ? ',' : '\t',
        format == Format.CSV ? "" : "\\N",
        '"',
        '"',
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  private static CopyOptions csv(boolean header, List<Integer> notNull, List<Integer> isNull) {
    return new CopyOptions(
        Format.CSV, header, header, ',', "", '"', '"', List.of(), notNull, isNull, null);
  }

  private long copy(CopyOptions options, List<Integer> columns, byte[] data, int piece) {
    List<Expression> defaults =
        List.of(
            Plans.value(Plans.INT4, 99L),
            Plans.value(Plans.TEXT, "none"),
            Plans.value(Plans.INT4, null));
    List<Expression> checks =
        List.of(Plans.lt(Plans.col(Plans.INT4, 2), Plans.value(Plans.INT4, 1_000_000L)));
    Plan.CopyFromPlan plan =
        new Plan.CopyFromPlan(
            table, columns, defaults, checks, null, DerivedValues.NONE, options, null);
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn);
        CopyReader reader = new CopyReader(plan, execution)) {
      for (int at = 0; at < data.length; at += piece) {
        reader.feed(data, at, Math.min(piece, data.length - at));
      }
      long rows = reader.finish();
      execution.finish();
      txn.commit();
      return rows;
    }
  }

  private long copy(CopyOptions options, String text) {
    return copy(options, List.of(0, 1, 2), text.getBytes(StandardCharsets.UTF_8), 1 << 20);
  }

  private List<String> rows() {
    return bench.run(Plans.scan(table, 1, List.of(), null, null));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void textRowsComeInAnyPieces(int piece) {
    byte[] data =
        "1\tone\t10\n2\ta\\tb\\\\c\\nd\t-5\n3\t\\N\t\\N\n4\té\\x41\\101\t007\n5\tx\\\ny\t5\n\\.\nrest"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(copy(options(Format.TEXT), List.of(0, 1, 2), data, piece)).isEqualTo(5);
    assertThat(rows())
        .containsExactly("1|one|10", "2|a\tb\\c\nd|-5", "3|null|null", "4|éAA|7", "5|x\ny|5");
  }

  /** Looking at it from its start for every piece would take minutes. */
  @ParameterizedTest
  @EnumSource(
      value = Format.class,
      names = {"TEXT", "CSV"})
  @Timeout(30)
  void aLongRowInManyPiecesTakesTimeByItsLengthOnly(Format format) {
    String delimiter = format == Format.CSV ? "," : "\t";
    String text = "1" + delimiter + "x".repeat(8 << 20) + delimiter + "5\n";
    byte[] data =
        (text + text.replaceFirst("1", "2").replaceFirst("x", "y"))
            .getBytes(StandardCharsets.UTF_8);
    assertThat(copy(options(format), List.of(0, 1, 2), data, 100)).isEqualTo(2);
    assertThat(rows()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void csvRowsComeInAnyPieces(int piece) {
    byte[] data =
        "1,one,10\r\n2,\"a,\"\"b\"\"\nc\",-5\r\n3,,\r\n4,\"\",4\r\n5,x\"y z\"w,6"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(copy(options(Format.CSV), List.of(0, 1, 2), data, piece)).isEqualTo(5);
    assertThat(rows())
        .containsExactly("1|one|10", "2|a,\"b\"\nc|-5", "3|null|null", "4||4", "5|xy zw|6");
  }

  @Test
  void otherColumnsGetTheirDefaults() {
    byte[] data = "7\n".getBytes(StandardCharsets.UTF_8);
    assertThat(copy(options(Format.TEXT), List.of(0), data, 100)).isEqualTo(1);
    assertThat(rows()).containsExactly("7|none|null");
  }

  @Test
  void csvOptionsDecideAboutNulls() {
    copy(csv(true, List.of(1), List.of(2)), "id,name,n\n1,,\"\"\n");
    assertThat(rows()).containsExactly("1||null");
  }

  @Test
  void headersMustMatchWhereAsked() {
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> copy(csv(true, List.of(), List.of()), "id,nam,n\n1,a,2\n"))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.BAD_COPY_FILE_FORMAT);
          assertThat(e.message())
              .isEqualTo(
                  "column name mismatch in header line field 2: got \"nam\", expected"
                      + " \"name\"");
        });
  }

  @Test
  void mistakesAreToldWithLineAndColumn() {
    assertMistake("1\ta\t1\n2\tb\n", "missing data for column \"n\"", "COPY t, line 2: \"2\tb\"");
    assertMistake(
        "1\ta\t1\t9\n", "extra data after last expected column", "COPY t, line 1: \"1\ta\t1\t9\"");
    assertMistake(
        "1\ta\t1\n2\tb\tx1\n",
        "invalid input syntax for type integer: \"x1\"",
        "COPY t, line 2, column n: \"x1\"");
    assertMistake(
        "3000000000\ta\t1\n",
        "value \"3000000000\" is out of range for type integer",
        "COPY t, line 1, column id: \"3000000000\"");
    assertMistake(
        "\\N\ta\t1\n",
        "null value in column \"id\" of relation \"t\" violates not-null constraint",
        "COPY t, line 1: \"\\N\ta\t1\"");
    assertThat(rows()).isEmpty();
  }

  private void assertMistake(String data, String message, String where) {
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> copy(options(Format.TEXT), data))
        .satisfies(e -> {
          assertThat(e.message()).isEqualTo(message);
          assertThat(e.where()).isEqualTo(where);
        });
  }

  @Test
  void duplicatesAreReported() {
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> copy(options(Format.TEXT), "1\ta\t1\n1\tb\t1\n"))
        .satisfies(e -> assertThat(e.detail()).isEqualTo("Key (id)=(1) already exists."));
  }

  @Test
  void invalidUtf8IsRefused() {
    byte[] data = {'1', '\t', (byte) 0xC3, '(', '\t', '1', '\n'};
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> copy(options(Format.TEXT), List.of(0, 1, 2), data, 100))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.CHARACTER_NOT_IN_REPERTOIRE));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void whatIsCopiedOutCanBeCopiedIn(Format format) {
    String[] texts = {
      "plain", "", "\\N", "\\.", "a\tb", "a,b", "quote\"", "line\nend", "back\\slash", "é\r", "null"
    };
    StringBuilder in = new StringBuilder();
    for (int i = 0; i < texts.length; i++) {
      String quoted = texts[i].replace("\"", "\"\"");
      in.append(i).append(",\"").append(quoted).append("\",").append(i % 3 == 0 ? "" : i);
      in.append('\n');
    }
    copy(options(Format.CSV), in.toString());
    List<String> before = rows();
    assertThat(before).hasSize(texts.length);
    byte[] out = copyOut(options(format));
    bench = new Bench(directory);
    assertThat(copy(options(format), List.of(0, 1, 2), out, 5)).isEqualTo(texts.length);
    assertThat(rows()).isEqualTo(before);
  }

  private byte[] copyOut(CopyOptions options) {
    List<OutputColumn> columns = new ArrayList<>();
    table.columns().forEach(c -> columns.add(new OutputColumn(c.name(), c.type(), 0, 0)));
    ByteWriter out = new ByteWriter();
    SimpleTxn txn = new SimpleTxn(bench.kv, Isolation.READ_COMMITTED);
    try (Execution execution = bench.execution(txn);
        Operator operator =
            new ExecutablePlan(Plans.scan(table, 1, List.of(), null, null)).operator(execution)) {
      CopyWriter writer = new CopyWriter(options, columns, execution);
      writer.header(out);
      operator.open();
      RowBatch batch;
      while ((batch = operator.next()) != null) {
        for (int i = 0; i < batch.size(); i++) {
          writer.row(batch, i, out);
        }
      }
      writer.trailer(out);
    }
    return out.toByteArray();
  }

  @Test
  void damagedBinaryDataIsRefused() {
    copy(options(Format.TEXT), "1\ta\t1\n");
    byte[] good = copyOut(options(Format.BINARY));
    byte[] signature = good.clone();
    signature[3] = 'X';
    assertBinaryMistake(signature, "COPY file signature not recognized");
    byte[] cut = Arrays.copyOf(good, good.length - 8);
    assertBinaryMistake(cut, "unexpected EOF in COPY data");
    byte[] more = Arrays.copyOf(good, good.length + 1);
    assertBinaryMistake(more, "received copy data after EOF marker");
  }

  private void assertBinaryMistake(byte[] data, String message) {
    bench = new Bench(directory);
    assertThatExceptionOfType(ShardForgeException.class)
        .isThrownBy(() -> copy(options(Format.BINARY), List.of(0, 1, 2), data, 4))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.BAD_COPY_FILE_FORMAT);
          assertThat(e.message()).isEqualTo(message);
        });
  }
}
