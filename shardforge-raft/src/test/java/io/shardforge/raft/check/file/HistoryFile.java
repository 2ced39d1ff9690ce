package io.shardforge.raft.check.file;

import io.shardforge.raft.check.History;
import io.shardforge.raft.check.Operation;
import io.shardforge.raft.check.Outcome;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A history as Jepsen keeps it: a sequence (or one vector) of maps with {@code :type}, {@code :f},
 * {@code :value}, {@code :process}, {@code :time} and {@code :index}.
 *
 * <p>As Jepsen's own checkers do, it takes the order of the events for the order of time, and not
 * the clock readings. Events without a numbered process, which are the nemesis's, are left out.
 */
public final class HistoryFile {
  private static final Keyword TYPE = new Keyword("type");
  private static final Keyword FUNCTION = new Keyword("f");
  private static final Keyword VALUE = new Keyword("value");
  private static final Keyword PROCESS = new Keyword("process");
  private static final Keyword TIME = new Keyword("time");
  private static final Keyword INDEX = new Keyword("index");

  private HistoryFile() {}

  /** Reads a file. */
  public static <T> History<T> read(Path file, Codec<T> codec) throws IOException {
    try (BufferedReader text = Files.newBufferedReader(file)) {
      return read(text, codec);
    }
  }

  /** Reads a text. */
  public static <T> History<T> read(Reader text, Codec<T> codec) {
    Pairing<T> pairing = new Pairing<>(codec);
    EdnReader reader = new EdnReader(text);
    for (EdnReader.Value next = reader.next(); next != null; next = reader.next()) {
      if (next.value() instanceof List<?> events) {
        events.forEach(pairing::event);
      } else {
        pairing.event(next.value());
      }
    }
    return pairing.history();
  }

  /** Joins each completion with its invocation. */
  private static final class Pairing<T> {
    private final Codec<T> codec;
    private final List<Operation<T>> operations = new ArrayList<>();
    private final Map<Long, Operation<T>> open = new HashMap<>();
    private long clock;

    Pairing(Codec<T> codec) {
      this.codec = codec;
    }

    void event(@Nullable Object value) {
      if (!(value instanceof Map<?, ?> event) || !(event.get(TYPE) instanceof Keyword type)) {
        throw new IllegalArgumentException("not an event: " + value);
      }
      long now = clock++;
      long process = 0; // The only one of a history that names none.
      if (event.get(PROCESS) instanceof Long number) {
        process = number;
      } else if (event.get(PROCESS) != null) {
        return;
      }
      Object function = event.get(FUNCTION);
      T action =
          codec.decode(
              function instanceof Keyword keyword ? keyword.name() : "txn", event.get(VALUE));
      if (type.name().equals("invoke")) {
        Operation<T> forgotten = open.remove(process);
        if (forgotten != null) {
          operations.add(forgotten);
        }
        if (action != null) {
          open.put(
              process, new Operation<>(0, process, now, Operation.NEVER, Outcome.INFO, action));
        }
        return;
      }
      Operation<T> invocation = open.remove(process);
      Outcome outcome =
          switch (type.name()) {
            case "ok" -> Outcome.OK;
            case "fail" -> Outcome.FAIL;
            case "info" -> Outcome.INFO;
            default -> throw new IllegalArgumentException("no type of event: " + type);
          };
      // What failed is known by what it was asked to do.
      T done = action == null || (outcome == Outcome.FAIL && invocation != null) ? null : action;
      if (done == null && invocation != null) {
        done = invocation.action();
      }
      if (done != null) {
        operations.add(
            new Operation<>(
                0, process, invocation == null ? now : invocation.invoked(), now, outcome, done));
      }
    }

    History<T> history() {
      operations.addAll(open.values());
      return History.of(operations);
    }
  }

  private record Event(long time, boolean completion, Operation<?> operation) {}

  /** Writes a file that Jepsen's checkers read. */
  public static <T> void write(History<T> history, Codec<T> codec, Path file) throws IOException {
    try (BufferedWriter text = Files.newBufferedWriter(file)) {
      write(history, codec, text);
    }
  }

  /** Writes a text that Jepsen's checkers read. */
  public static <T> void write(History<T> history, Codec<T> codec, Writer text) throws IOException {
    List<Event> events = new ArrayList<>();
    for (Operation<T> operation : history.operations()) {
      events.add(new Event(operation.invoked(), false, operation));
      if (operation.outcome() != Outcome.INFO) {
        events.add(new Event(operation.completed(), true, operation));
      }
    }
    // Of two at one time, the invocation comes first: that claims no order between them.
    events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::completion));
    long index = 0;
    for (Event event : events) {
      T action = history.get(event.operation().index()).action();
      Map<Keyword, @Nullable Object> map = new LinkedHashMap<>();
      map.put(INDEX, index++);
      map.put(TIME, event.time());
      map.put(
          TYPE,
          new Keyword(
              !event.completion()
                  ? "invoke"
                  : event.operation().outcome() == Outcome.OK ? "ok" : "fail"));
      map.put(PROCESS, event.operation().process());
      map.put(FUNCTION, new Keyword(codec.function(action)));
      boolean answered = event.completion() && event.operation().outcome() == Outcome.OK;
      map.put(VALUE, answered ? codec.value(action) : codec.asked(action));
      text.write(EdnWriter.write(map));
      text.write('\n');
    }
  }
}
