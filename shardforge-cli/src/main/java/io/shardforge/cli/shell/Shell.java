package io.shardforge.cli.shell;

import io.shardforge.cli.connect.Complaint;
import io.shardforge.cli.connect.ConnectionFailedException;
import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.print.Rows;
import io.shardforge.cli.script.Piece;
import io.shardforge.cli.script.StatementSplitter;
import io.shardforge.cli.script.StatementSplitter.Inside;
import io.shardforge.cli.script.Variables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements on a connection and shows what comes back. One thread uses it, but for {@link
 * #cancel()}.
 */
public final class Shell implements AutoCloseable {
  private static final Pattern BEGINS =
      Pattern.compile("(?is)(?:begin\\b(?!\\s+atomic)|start\\s+transaction\\b).*");
  private static final Pattern ENDS =
      Pattern.compile(
          "(?is)(?:commit\\b(?!\\s+prepared)|end\\b|rollback\\b(?!\\s+(?:to|prepared)\\b)|abort\\b).*");
  private static final Pattern CHANGES_NAMES =
      Pattern.compile("(?is)(?:create|alter|drop|set|reset|rollback|commit|import)\\b.*");
  private static final Pattern COPIES =
      Pattern.compile("(?is)copy\\b.*\\b(?:(from)\\s+stdin|(to)\\s+stdout)\\b.*");

  private final Streams streams;
  private final Connector connector;
  private final Display display;
  private final Variables variables = new Variables();
  private final BackslashCommands commands;
  private Wire wire;
  private PrintStream out;
  private String lastStatement = "";
  private boolean isRedirected;
  private boolean quits;
  private boolean stopsOnError;
  private int catalogAge;

  /** A shell on a connection, which ends with it. */
  public Shell(Wire wire, Connector connector, Streams streams, ShellOptions options) {
    this.wire = wire;
    this.connector = connector;
    this.streams = streams;
    this.out = streams.out();
    this.display = new Display();
    display.format = options.format();
    display.nullText = options.nullText();
    display.rowsOnly = options.rowsOnly();
    display.quiet = options.quiet() || !options.format().isForPeople();
    display.timing = options.timing();
    options.variables().forEach(variables::set);
    this.stopsOnError = options.stopsOnError();
    this.commands = new BackslashCommands(this);
  }

  Wire wire() {
    return wire;
  }

  Display display() {
    return display;
  }

  Variables variables() {
    return variables;
  }

  PrintStream out() {
    return out;
  }

  Streams streams() {
    return streams;
  }

  /** Goes up whenever names of the catalog may have changed. */
  int catalogAge() {
    return catalogAge;
  }

  void quit() {
    quits = true;
  }

  boolean quits() {
    return quits;
  }

  void writeTo(@Nullable PrintStream other) {
    if (isRedirected) {
      out.close();
    }
    isRedirected = other != null;
    out = other == null ? streams.out() : other;
  }

  /** Leaves the connection for another one, which is there already. */
  void switchTo(Wire other) {
    wire.close();
    wire = other;
    catalogAge++;
  }

  Connector connector() {
    return connector;
  }

  /** Stops the statement that runs. Any thread may call it. */
  void cancel() {
    wire.cancel();
  }

  /** Runs all that a source gives; false if something failed. */
  boolean run(LineSource source) throws IOException {
    StatementSplitter splitter = new StatementSplitter(variables);
    boolean isWell = true;
    String text = "";
    while (text != null && !quits) {
      try {
        text = source.next(prompt(splitter.inside()));
      } catch (org.jline.reader.UserInterruptException _) {
        splitter.reset();
        continue;
      }
      for (String line : text == null ? new String[0] : text.split("\n", -1)) {
        isWell &= take(splitter.add(line), splitter, source);
        if (quits || (!isWell && stopsOnError && !source.isInteractive())) {
          return isWell;
        }
      }
      printNotifications();
    }
    String rest = splitter.take();
    if (rest.isEmpty() || source.isInteractive()) {
      return isWell;
    }
    return execute(rest, source) && isWell;
  }

  private boolean take(List<Piece> pieces, StatementSplitter splitter, LineSource source)
      throws IOException {
    boolean isWell = true;
    for (Piece piece : pieces) {
      isWell &=
          switch (piece) {
            case Piece.Statement statement -> execute(statement.text(), source);
            case Piece.Command command -> commands.run(command.line(), splitter, source);
          };
      if (quits || (!isWell && stopsOnError && !source.isInteractive())) {
        return isWell;
      }
    }
    return isWell;
  }

  private String prompt(Inside inside) {
    char role = inside == Inside.NOTHING ? '=' : inside.sign();
    char state =
        switch (wire.block()) {
          case NONE -> '>';
          case OPEN -> '*';
          case FAILED -> '!';
        };
    return wire.target().get("dbname") + role + (state == '>' ? "> " : state + "> ");
  }

  /** The prompt of lines that go on. */
  String promptInside(Inside inside) {
    return prompt(inside);
  }

  private void printNotifications() {
    try {
      wire.notifications().forEach(out::println);
    } catch (SQLException _) {
      // Told by the next statement.
    }
  }

  /** Runs the statements of one -e; tries again, up to so often, what lost against others. */
  public boolean runText(String text, int retries) throws IOException {
    LineSource none = LineSource.of("");
    if (retries == 0) {
      return run(LineSource.of(text));
    }
    StatementSplitter splitter = new StatementSplitter(variables);
    boolean isWell = true;
    List<String> unit = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      for (Piece piece : splitter.add(line)) {
        if (piece instanceof Piece.Command command) {
          isWell &= commands.run(command.line(), splitter, none);
        } else if (piece instanceof Piece.Statement statement) {
          isWell &= addToUnit(unit, statement.text(), retries);
        }
        if (!isWell && stopsOnError) {
          return false;
        }
      }
    }
    String rest = splitter.take();
    if (!rest.isEmpty()) {
      isWell &= addToUnit(unit, rest, retries);
    }
    return unit.isEmpty() ? isWell : runUnit(unit, retries) && isWell;
  }

  /** A unit is a statement by itself, or all from BEGIN to COMMIT. */
  private boolean addToUnit(List<String> unit, String statement, int retries) throws IOException {
    boolean isInBlock = !unit.isEmpty();
    unit.add(statement);
    boolean opens = !isInBlock && BEGINS.matcher(statement).matches();
    if (opens || (isInBlock && !ENDS.matcher(statement).matches())) {
      return true;
    }
    boolean isWell = runUnit(List.copyOf(unit), retries);
    unit.clear();
    return isWell;
  }

  private boolean runUnit(List<String> unit, int retries) throws IOException {
    for (int left = retries; ; left--) {
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      PrintStream before = out;
      out = new PrintStream(kept, false, StandardCharsets.UTF_8);
      Complaint failure = null;
      try {
        for (String statement : unit) {
          failure = attempt(statement, LineSource.of(""));
          if (failure != null) {
            if (wire.block() != Wire.Block.NONE) {
              var _ = attempt("ROLLBACK", LineSource.of(""));
            }
            break;
          }
        }
      } finally {
        out.flush();
        out = before;
      }
      if (failure == null || !failure.isWorthRetrying() || left == 0) {
        out.write(kept.toByteArray());
        out.flush();
        if (failure != null) {
          complain(failure, lastStatement);
        }
        return failure == null;
      }
    }
  }

  /** Runs one statement and shows what comes back; false if it failed. */
  boolean execute(String statement, LineSource source) throws IOException {
    Complaint failure = attempt(statement, source);
    if (failure != null) {
      complain(failure, statement);
    }
    return failure == null;
  }

  private @Nullable Complaint attempt(String statement, LineSource source) throws IOException {
    lastStatement = statement;
    Stopwatch watch = Stopwatch.start();
    Complaint failure = null;
    try (Progress _ = Progress.watch(streams, wire.target(), statement)) {
      Matcher copy = COPIES.matcher(statement);
      if (copy.matches()) {
        tag("COPY " + copy(statement, copy.group(1) != null, source));
      } else {
        wire.execute(statement, new Shown(statement));
      }
    } catch (SQLException e) {
      failure = Wire.complaint(e);
    }
    if (CHANGES_NAMES.matcher(statement).matches()) {
      catalogAge++;
    }
    if (display.timing) {
      out.println(watch.describe());
    }
    out.flush();
    return failure;
  }

  void complain(Complaint failure, String statement) {
    out.flush();
    streams.err().print(failure.describe(statement, display.verbose));
    streams.err().flush();
  }

  /** Says in psql's words that a command of the shell itself failed. */
  boolean fail(String words) {
    out.flush();
    streams.err().println(words);
    return false;
  }

  private long copy(String statement, boolean in, LineSource source)
      throws SQLException, IOException {
    return in
        ? wire.copyIn(statement, new CopyLines(source))
        : wire.copyOut(statement, new UncloseableStream(out));
  }

  private void tag(String tag) {
    if (!display.quiet) {
      out.println(tag);
    }
  }

  /** Shows answers as they come. */
  private final class Shown implements Wire.Answers {
    private final String statement;
    private boolean hadRows;

    Shown(String statement) {
      this.statement = statement;
    }

    @Override
    public void rows(Rows rows) {
      hadRows = true;
      show(rows, null);
    }

    @Override
    public void done(String tag) {
      boolean isQuery =
          hadRows && tag.toUpperCase(Locale.ROOT).matches("(SELECT|FETCH|SHOW|EXPLAIN|VALUES).*");
      if (!isQuery) {
        tag(tag);
      }
      hadRows = false;
    }

    @Override
    public void notice(Complaint notice) {
      out.flush();
      streams.err().print(notice.describe(statement, display.verbose));
    }
  }

  /** Prints rows, through a pager where they do not fit on the screen. */
  void show(Rows rows, @Nullable String title) {
    int width = streams.isOutTerminal() ? Pager.columns() : 0;
    print(display.printer(rows, width).print(rows, title));
  }

  /** Prints the columns of a relation without counting them, and lines below. */
  void showDescription(Rows rows, String title, String below) {
    String text = display.printer(rows, 0).print(rows, title);
    if (display.format == OutputFormat.TABLE) {
      text = text.replaceFirst("\\(\\d+ rows?\\)\n\n$", "");
    }
    print(text + (below.isEmpty() ? "" : below + "\n") + "\n");
  }

  private void print(String text) {
    boolean pages = display.pages && streams.isOutTerminal() && !isRedirected;
    if (!pages || !Pager.show(text)) {
      out.print(text);
    }
  }

  /** Rows for a command of the shell, null after a failure that has been told. */
  @Nullable Rows ask(String query) {
    try {
      return wire.query(query);
    } catch (SQLException e) {
      complain(Wire.complaint(e), query);
      return null;
    }
  }

  String lastStatement() {
    return lastStatement;
  }

  void stopsOnError(boolean stops) {
    stopsOnError = stops;
  }

  /** Runs a script; - is what comes in. */
  public boolean runFile(String file) throws IOException {
    if (file.equals("-")) {
      return run(LineSource.of(streams.in()));
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return run(LineSource.of(in));
    } catch (NoSuchFileException _) {
      return fail(file + ": No such file or directory");
    }
  }

  /** Waits between two rounds; false if somebody ended that. */
  public boolean pause(Duration time) {
    out.flush();
    return Stopwatch.pause(time);
  }

  /** Runs a statement again and again, until one fails or somebody interrupts it. */
  boolean watch(String statement, Duration pause) throws IOException {
    while (true) {
      if (display.format.isForPeople()) {
        out.printf("%tc (every %ss)%n%n", Stopwatch.now(), pause.toMillis() / 1000.0);
      }
      if (!execute(statement, LineSource.of(""))) {
        return false;
      }
      if (!pause(pause)) {
        return true;
      }
    }
  }

  @Override
  public void close() {
    writeTo(null);
    out.flush();
    wire.close();
  }

  /** Makes connections to where {@code \c} leads, asking for a password where one is needed. */
  public interface Connector {
    Wire connect(io.shardforge.cli.connect.Target target) throws ConnectionFailedException;
  }
}
