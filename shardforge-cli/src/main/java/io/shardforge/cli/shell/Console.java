package io.shardforge.cli.shell;

import io.shardforge.cli.script.Piece;
import io.shardforge.cli.script.StatementSplitter;
import io.shardforge.cli.script.StatementSplitter.Inside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/** The terminal that somebody types statements at: editing, history and completion. */
public final class Console implements LineSource, AutoCloseable {
  private static final String HISTORY = ".shardforge_history";

  private final Shell shell;
  private final LineReader reader;
  private final StatementParser parser = new StatementParser();

  private Console(Shell shell, Terminal terminal) {
    this.shell = shell;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(parser)
            .completer(new NameCompleter(shell))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.INSERT_TAB, true)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "%M")
            .variable(LineReader.INDENTATION, 0);
    Path history = history();
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  /** Takes over the terminal of this process and runs what is typed there until the end. */
  public static void run(Shell shell) throws IOException {
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
        Console console = new Console(shell, terminal)) {
      terminal.handle(Terminal.Signal.INT, _ -> shell.cancel());
      var _ = shell.run(console);
    }
  }

  /** The file of earlier lines, which nobody else may read; null where there cannot be one. */
  private static @Nullable Path history() {
    String home = System.getProperty("user.home");
    if (home == null) {
      return null;
    }
    Path file = Path.of(home, HISTORY);
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return file;
    } catch (IOException | UnsupportedOperationException _) {
      return null;
    }
  }

  @Override
  public @Nullable String next(String prompt) {
    try {
      shell.out().flush();
      parser.takesData = false;
      return reader.readLine(prompt);
    } catch (EndOfFileException _) {
      shell.out().println("\\q");
      return null;
    }
  }

  @Override
  public @Nullable String nextData(String prompt) {
    try {
      parser.takesData = true;
      return reader.readLine(prompt);
    } catch (EndOfFileException _) {
      return null;
    }
  }

  @Override
  public boolean isInteractive() {
    return true;
  }

  @Override
  public void close() throws IOException {
    reader.getHistory().save();
  }

  /** Says when what was typed is whole, so that a statement of many lines is edited as one. */
  private final class StatementParser extends DefaultParser {
    private boolean takesData;

    StatementParser() {
      setEscapeChars(null);
      setQuoteChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !takesData) {
        StatementSplitter splitter = new StatementSplitter(shell.variables());
        boolean isCommand = false;
        for (String part : line.split("\n", -1)) {
          for (Piece piece : splitter.add(part)) {
            isCommand |= piece instanceof Piece.Command;
          }
        }
        Inside inside = splitter.inside();
        if (!isCommand && inside != Inside.NOTHING) {
          throw new EOFError(-1, -1, "the statement goes on", shell.promptInside(inside));
        }
      }
      return super.parse(line, cursor, context);
    }
  }
}
