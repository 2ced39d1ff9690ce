package io.shardforge.raft.check.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.check.ConsistencyModel;
import io.shardforge.raft.check.History;
import io.shardforge.raft.check.HistoryRecorder;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import io.shardforge.raft.check.Phenomenon;
import io.shardforge.raft.check.Verdict;
import io.shardforge.raft.check.txn.ListAppend;
import io.shardforge.raft.check.txn.MicroOp;
import io.shardforge.raft.check.txn.Transaction;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jepsen's files as they come, and back. */
class HistoryFileTest {
  private static final String APPEND =
      """
      ; A nemesis, a record's tag, a crash, a failure and an open invocation.
      {:type :invoke, :f :txn, :value [[:append 1 1] [:r 2 nil]], :process 0, :time 10, :index 0}
      {:type :info, :f :kill, :value {"n1" :killed}, :process :nemesis, :time 11, :index 1}
      #jepsen.history.Op{:index 2, :type :invoke, :process 1, :f :txn, :value [[:append 1 2]]}
      {:type :ok, :f :txn, :value [[:append 1 1] [:r 2 nil]], :process 0, :time 13, :index 3}
      {:type :info, :f :txn, :value [[:append 1 2]], :process 1, :time 14, :error [:no "x\\n"]}
      {:type :invoke, :f :txn, :value [[:r 1 nil]], :process 0, :time 15, :index 5}
      {:type :ok, :f :txn, :value [[:r 1 [1 2]]], :process 0, :time 16, :index 6}
      {:type :invoke, :f :txn, :value [[:append 2 7]], :process 2, :time 17, :index 7}
      {:type :fail, :f :txn, :value [[:append 2 7]], :process 2, :time 18, :index 8}
      {:type :invoke, :f :txn, :value [[:r 2 nil]], :process 0, :time 19, :index 9}
      """;

  private static History<Transaction> read(String text) {
    return HistoryFile.read(new StringReader(text), new TransactionCodec());
  }

  @Test
  void jepsensEventsBecomeOperations() {
    assertThat(read(APPEND).operations())
        .containsExactly(
            new Operation<>(
                0,
                0,
                0,
                3,
                Outcome.OK,
                Transaction.of(new MicroOp.Append(1L, 1L), new MicroOp.Read(2L, null))),
            new Operation<>(
                1, 1, 2, Operation.NEVER, Outcome.INFO, Transaction.of(new MicroOp.Append(1L, 2L))),
            new Operation<>(
                2, 0, 5, 6, Outcome.OK, Transaction.of(new MicroOp.Read(1L, List.of(1L, 2L)))),
            new Operation<>(3, 2, 7, 8, Outcome.FAIL, Transaction.of(new MicroOp.Append(2L, 7L))),
            new Operation<>(
                4,
                0,
                9,
                Operation.NEVER,
                Outcome.INFO,
                Transaction.of(new MicroOp.Read(2L, null))));
  }

  @Test
  void aVectorOfEventsIsAHistoryToo() {
    assertThat(read("[" + APPEND + "]")).isEqualTo(read(APPEND));
  }

  @Test
  void whatIsWrittenReadsTheSame() throws IOException {
    HistoryRecorder<Transaction> recorder = new HistoryRecorder<>();
    int first =
        recorder.invoke(
            0, Transaction.of(new MicroOp.Append("x \"1\"", 1L), new MicroOp.Read("y", null)));
    int second = recorder.invoke(1, Transaction.of(new MicroOp.Append("y", 2L)));
    recorder.ok(
        first,
        Transaction.of(new MicroOp.Append("x \"1\"", 1L), new MicroOp.Read("y", List.of(2L))));
    recorder.invoke(2, Transaction.of(new MicroOp.Append("y", 3L)));
    recorder.fail(second);
    StringWriter text = new StringWriter();
    HistoryFile.write(recorder.history(), new TransactionCodec(), text);
    assertThat(read(text.toString())).isEqualTo(recorder.history());
    assertThat(text.toString().lines())
        .contains(
            "{:index 0, :time 0, :type :invoke, :process 0, :f :txn, "
                + ":value [[:append \"x \\\"1\\\"\" 1] [:r \"y\" nil]]}");
    Verdict verdict = ListAppend.judge(read(text.toString()), ConsistencyModel.STRICT_SERIALIZABLE);
    assertThat(verdict.shows(Phenomenon.G1A)).isTrue();
  }

  @Test
  void ednHasMoreThanHistories() {
    EdnReader reader =
        new EdnReader(
            new StringReader(
                "{:a -1, :b #{1 2}} (1 2.5 3N) #_ignored \\x #inst \"1985\" true nil sym "));
    assertThat(value(reader))
        .isEqualTo(Map.of(new Keyword("a"), -1L, new Keyword("b"), Set.of(1L, 2L)));
    assertThat(value(reader)).isEqualTo(List.of(1L, 2.5, 3L));
    assertThat(value(reader)).isEqualTo("x");
    assertThat(value(reader)).isEqualTo("1985");
    assertThat(value(reader)).isEqualTo(true);
    assertThat(value(reader)).isNull();
    assertThat(value(reader)).isEqualTo("sym");
    assertThat(reader.next()).isNull();
  }

  private static @Nullable Object value(EdnReader reader) {
    return Objects.requireNonNull(reader.next()).value();
  }

  @Test
  void brokenTextsAreRefused() {
    for (String broken :
        List.of("[1 2", "]", "{:a}", "\"abc", "[".repeat(100), "{:type :no}", "7")) {
      assertThatThrownBy(() -> read(broken))
          .as(broken)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Verdict judge(String text, String workload, String... more) throws IOException {
    Path file = Files.createTempFile("history", ".edn");
    Files.writeString(file, text);
    String[] arguments = new String[more.length + 2];
    arguments[0] = workload;
    arguments[1] = file.toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    try {
      return JudgeFile.judge(arguments);
    } finally {
      Files.delete(file);
    }
  }

  private static String event(String type, int process, String function, String value) {
    return "{:type :%s, :process %d, :f :%s, :value %s}%n"
        .formatted(type, process, function, value);
  }

  @Test
  void everyWorkloadsFilesAreJudged() throws IOException {
    assertThat(judge(APPEND, "append").isValid()).isTrue();
    assertThat(judge(APPEND, "append", "read-committed").isValid()).isTrue();

    String wr = event("ok", 0, "txn", "[[:w :x 1]]") + event("ok", 1, "txn", "[[:r :x nil]]");
    assertThat(judge(wr, "wr", "serializable").isValid()).isTrue();
    assertThat(judge(wr, "wr-linearizable").isValid()).isFalse();

    String register =
        event("invoke", 0, "write", "1")
            + event("ok", 0, "write", "1")
            + event("invoke", 0, "cas", "[1 2]")
            + event("ok", 0, "cas", "[1 2]")
            + event("invoke", 0, "read", "nil");
    assertThat(judge(register + event("ok", 0, "read", "2"), "register").isValid()).isTrue();
    assertThat(judge(register + event("ok", 0, "read", "1"), "register").isValid()).isFalse();

    String keyed =
        event("invoke", 0, "write", "[7 1]")
            + event("ok", 0, "write", "[7 1]")
            + event("invoke", 0, "read", "[8 nil]");
    assertThat(judge(keyed + event("ok", 0, "read", "[8 nil]"), "registers").isValid()).isTrue();
    assertThat(judge(keyed + event("ok", 0, "read", "[8 1]"), "registers").isValid()).isFalse();

    String bank =
        event("ok", 0, "transfer", "{:from 0, :to 1, :amount 5}")
            + event("ok", 0, "read", "{0 5, 1 15}");
    assertThat(judge(bank, "bank", "snapshot-isolation", "2", "20").isValid()).isTrue();
    assertThat(judge(bank, "bank", "snapshot-isolation", "2", "21").isValid()).isFalse();

    String set = event("ok", 0, "add", "1") + event("ok", 0, "add", "2");
    assertThat(judge(set + event("ok", 0, "read", "#{1 2}"), "set").isValid()).isTrue();
    assertThat(judge(set + event("ok", 0, "read", "[1]"), "set").isValid()).isFalse();

    String fork = event("ok", 0, "write", "[[:w 0 1]]") + event("ok", 0, "write", "[[:w 1 1]]");
    String half = event("ok", 0, "read", "[[:r 0 1] [:r 1 nil]]");
    assertThat(judge(fork + half, "long-fork").isValid()).isTrue();
    assertThat(
            judge(fork + half + event("ok", 0, "read", "[[:r 1 1] [:r 0 nil]]"), "long-fork")
                .isValid())
        .isFalse();

    String rows = event("ok", 0, "add", "{:val 1, :sts 10}");
    assertThat(judge(rows + event("ok", 0, "read", "[{:val 1, :sts 10}]"), "monotonic").isValid())
        .isTrue();
    assertThat(judge(rows + event("ok", 0, "read", "[]"), "monotonic").isValid()).isFalse();
  }

  @Test
  void whatIsNoWorkloadIsRefused() {
    assertThatThrownBy(() -> judge(APPEND, "append", "perfect")).hasMessage("no model: perfect");
    assertThatThrownBy(() -> judge(APPEND, "nothing")).hasMessage("no workload: nothing");
  }
}
