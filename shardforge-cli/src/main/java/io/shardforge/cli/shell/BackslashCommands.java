package io.shardforge.cli.shell;

import io.shardforge.cli.connect.ConnectionFailedException;
import io.shardforge.cli.connect.Target;
import io.shardforge.cli.print.OutputFormat;
import io.shardforge.cli.print.Rows;
import io.shardforge.cli.script.Piece;
import io.shardforge.cli.script.StatementSplitter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that begin with a backslash, by psql's names. */
final class BackslashCommands {
  static final List<String> NAMES =
      List.of(
          "?",
          "c",
          "connect",
          "conninfo",
          "copy",
          "d",
          "d+",
          "dconfig",
          "dD",
          "df",
          "dg",
          "di",
          "dm",
          "dn",
          "dp",
          "ds",
          "dt",
          "dT",
          "du",
          "dv",
          "dx",
          "e",
          "echo",
          "encoding",
          "g",
          "gexec",
          "gset",
          "gx",
          "h",
          "i",
          "ir",
          "l",
          "o",
          "p",
          "prompt",
          "pset",
          "q",
          "qecho",
          "r",
          "set",
          "sf",
          "sv",
          "t",
          "timing",
          "unset",
          "warn",
          "watch",
          "x",
          "z",
          "!");

  private static final Pattern COPY =
      Pattern.compile(
          "(?is)(?<what>.*?)\\s+(?<way>from|to)\\s+(?<where>stdin|stdout|pstdin|pstdout|'(?:[^']|'')*'|\\S+)"
              + "(?<options>.*)");

  static final String HELP =
      """
      Statements end with a semicolon, and may have several lines.

        \\q                      leaves                     \\c [DB [USER [HOST [PORT]]]]  connects anew
        \\conninfo               who and where              \\! [COMMAND]    runs a command of the system
        \\d[S+] [NAME]           relations, or one of them  \\dt \\dv \\dm \\di \\ds  tables, views, indexes, sequences
        \\l[+] \\dn \\du           databases, schemas, roles  \\df \\dT \\dD \\dx \\dp  functions, types, domains, extensions, rights
        \\dconfig [NAME]         settings                   \\sf NAME  \\sv NAME   source of a function, of a view
        \\g [FILE]  \\gx          runs what was typed        \\gset [PREFIX]  keeps its values  \\gexec  runs its values
        \\watch [SECONDS]        runs it again and again    \\p  \\r  \\e         prints, forgets, edits it
        \\i FILE  \\o [FILE]      reads from, writes to      \\echo \\qecho \\warn TEXT
        \\copy T FROM|TO FILE    a file of this machine     \\set [NAME [VALUE]]  \\unset NAME
        \\x [on|off|auto]        a line for each value      \\t [on|off]     rows only
        \\timing [on|off]        how long statements take   \\pset NAME VALUE   format, null, pager, expanded
        Formats (\\pset format): table, vertical, csv, tsv, json, markdown, html
      """;

  private final Shell shell;

  BackslashCommands(Shell shell) {
    this.shell = shell;
  }

  /** Runs a command; false if it failed. */
  boolean run(String line, StatementSplitter splitter, LineSource source) throws IOException {
    if (line.startsWith("!")) {
      return runProgram(line.substring(1).strip());
    }
    int end = 0;
    while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
      end++;
    }
    String name = line.substring(0, end);
    String rest = line.substring(end).strip();
    if (rest.endsWith(";")) {
      rest = rest.substring(0, rest.length() - 1).strip();
    }
    List<String> words = Words.of(rest, shell.variables());
    String first = words.isEmpty() ? "" : words.getFirst();
    return switch (name) {
      case "q", "quit" -> {
        shell.quit();
        yield true;
      }
      case "?", "help" -> print(HELP);
      case "h" ->
          print("The statements are PostgreSQL's; docs/sql/differences.md says what differs.\n");
      case "c", "connect" -> connect(words);
      case "conninfo" -> connectionInfo();
      case "x" -> expand(first);
      case "t" -> {
        shell.display().rowsOnly = toggled(first, shell.display().rowsOnly);
        yield tell("Tuples only is " + onOff(shell.display().rowsOnly) + ".");
      }
      case "a" -> print("There is no unaligned format; \\pset format csv or tsv.\n");
      case "timing" -> {
        shell.display().timing = toggled(first, shell.display().timing);
        yield tell("Timing is " + onOff(shell.display().timing) + ".");
      }
      case "pset" -> set(words);
      case "set" -> setVariable(words);
      case "unset" -> {
        shell.variables().unset(first);
        yield true;
      }
      case "echo" -> toStream(shell.streams().out(), words);
      case "qecho" -> toStream(shell.out(), words);
      case "warn" -> toStream(shell.streams().err(), words);
      case "i", "include", "ir" -> shell.runFile(first);
      case "o", "out" -> redirect(first);
      case "g", "gx" -> go(name.equals("gx"), first, splitter, source);
      case "gset" -> keep(first, splitter);
      case "gexec" -> runValues(splitter, source);
      case "watch" -> watch(first, splitter);
      case "p", "print" -> print(buffer(splitter) + "\n");
      case "r", "reset" -> {
        splitter.reset();
        yield tell("Query buffer reset (cleared).");
      }
      case "e", "edit" -> edit(first, splitter, source);
      case "copy" -> copy(rest, source);
      case "encoding" -> print(shell.wire().parameter("client_encoding") + "\n");
      case "sf" -> value("SELECT pg_get_functiondef(" + Literals.quote(first) + "::regproc)");
      case "sv" -> value("SELECT pg_get_viewdef(" + Literals.quote(first) + "::regclass, true)");
      default -> list(name, first);
    };
  }

  private boolean print(String text) {
    shell.out().print(text);
    return true;
  }

  private boolean tell(String line) {
    if (!shell.display().quiet) {
      shell.out().println(line);
    }
    return true;
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  private static boolean toggled(String word, boolean now) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "" -> !now;
      case "on", "true", "1", "yes" -> true;
      default -> false;
    };
  }

  private static boolean toStream(PrintStream stream, List<String> words) {
    boolean bare = !words.isEmpty() && words.getFirst().equals("-n");
    String text = String.join(" ", bare ? words.subList(1, words.size()) : words);
    stream.print(bare ? text : text + "\n");
    stream.flush();
    return true;
  }

  // ---- the connection ----

  private boolean connect(List<String> words) {
    Target target = shell.wire().target();
    String[] parameters = {"dbname", "user", "host", "port"};
    if (!words.isEmpty() && Target.isUrl(words.getFirst())) {
      target = Target.of(java.util.Map.of(), words.getFirst(), System.getenv());
    } else {
      for (int i = 0; i < Math.min(words.size(), parameters.length); i++) {
        if (!words.get(i).equals("-")) {
          target = target.with(parameters[i], words.get(i));
        }
      }
    }
    try {
      shell.switchTo(shell.connector().connect(target));
    } catch (ConnectionFailedException e) {
      return shell.fail("\\connect: " + e.getMessage() + "\nPrevious connection kept");
    }
    return tell(
        "You are now connected to database \"%s\" as user \"%s\"."
            .formatted(target.get("dbname"), target.get("user")));
  }

  private boolean connectionInfo() {
    Target target = shell.wire().target();
    return print(
        "You are connected to database \"%s\" as user \"%s\" at %s (process %d).%n"
            .formatted(
                target.get("dbname"),
                target.get("user"),
                target.address(),
                shell.wire().processId()));
  }

  // ---- how things are shown ----

  private boolean expand(String word) {
    Display display = shell.display();
    display.expanded =
        word.equalsIgnoreCase("auto")
            ? Display.Expanded.AUTO
            : toggled(word, display.expanded == Display.Expanded.ON)
                ? Display.Expanded.ON
                : Display.Expanded.OFF;
    return tell(
        display.expanded == Display.Expanded.AUTO
            ? "Expanded display is used automatically."
            : "Expanded display is " + onOff(display.expanded == Display.Expanded.ON) + ".");
  }

  private boolean set(List<String> words) {
    String value = words.size() < 2 ? "" : words.get(1);
    Display display = shell.display();
    switch (words.isEmpty() ? "" : words.getFirst()) {
      case "format" -> {
        try {
          display.format = OutputFormat.of(value);
        } catch (IllegalArgumentException e) {
          return shell.fail("\\pset: " + e.getMessage());
        }
        return tell("Output format is " + display.format.word() + ".");
      }
      case "null" -> {
        display.nullText = value;
        return tell("Null display is \"" + value + "\".");
      }
      case "expanded", "x" -> {
        return expand(value);
      }
      case "tuples_only", "t" -> display.rowsOnly = toggled(value, display.rowsOnly);
      case "pager" -> display.pages = toggled(value, display.pages);
      case "" -> {
        return print(
            "format   %s%nnull     '%s'%nexpanded %s%npager    %s%n"
                .formatted(
                    display.format.word(),
                    display.nullText,
                    display.expanded.name().toLowerCase(Locale.ROOT),
                    onOff(display.pages)));
      }
      default -> {
        return shell.fail("\\pset: unknown option: " + words.getFirst());
      }
    }
    return true;
  }

  private boolean setVariable(List<String> words) {
    if (words.isEmpty()) {
      new java.util.TreeMap<>(shell.variables().all())
          .forEach((name, value) -> shell.out().println(name + " = '" + value + "'"));
      return true;
    }
    String value = String.join("", words.subList(1, words.size()));
    shell.variables().set(words.getFirst(), value);
    switch (words.getFirst()) {
      case "ON_ERROR_STOP" -> shell.stopsOnError(toggled(value, false));
      case "QUIET" -> shell.display().quiet = toggled(value, false);
      case "VERBOSITY" -> shell.display().verbose = value.equals("verbose");
      default -> {}
    }
    return true;
  }

  private boolean redirect(String file) {
    try {
      shell.writeTo(file.isEmpty() ? null : new PrintStream(file, StandardCharsets.UTF_8));
      return true;
    } catch (IOException e) {
      return shell.fail(file + ": " + e.getMessage());
    }
  }

  // ---- what was typed ----

  private String buffer(StatementSplitter splitter) {
    String typed = splitter.unfinished();
    return typed.isEmpty() ? shell.lastStatement() : typed;
  }

  private String takeBuffer(StatementSplitter splitter) {
    String typed = splitter.take();
    return typed.isEmpty() ? shell.lastStatement() : typed;
  }

  private boolean go(boolean expanded, String file, StatementSplitter splitter, LineSource source)
      throws IOException {
    String statement = takeBuffer(splitter);
    if (statement.isEmpty()) {
      return true;
    }
    Display display = shell.display();
    Display.Expanded before = display.expanded;
    if (!file.isEmpty() && !redirect(file)) {
      return false;
    }
    display.expanded = expanded ? Display.Expanded.ON : before;
    try {
      return shell.execute(statement, source);
    } finally {
      display.expanded = before;
      if (!file.isEmpty()) {
        shell.writeTo(null);
      }
    }
  }

  private boolean keep(String prefix, StatementSplitter splitter) {
    Rows rows = shell.ask(takeBuffer(splitter));
    if (rows == null) {
      return false;
    }
    if (rows.rows().size() != 1) {
      return shell.fail(
          rows.rows().isEmpty()
              ? "no rows returned for \\gset"
              : "more than one row returned for \\gset");
    }
    for (int i = 0; i < rows.columns().size(); i++) {
      shell.variables().set(prefix + rows.columns().get(i).name(), rows.text(0, i));
    }
    return true;
  }

  private boolean runValues(StatementSplitter splitter, LineSource source) throws IOException {
    Rows rows = shell.ask(takeBuffer(splitter));
    boolean isWell = rows != null;
    for (int row = 0; rows != null && row < rows.rows().size(); row++) {
      for (int i = 0; i < rows.columns().size(); i++) {
        String statement = rows.text(row, i);
        isWell &= statement.isEmpty() || shell.execute(statement, source);
      }
    }
    return isWell;
  }

  private boolean watch(String seconds, StatementSplitter splitter) throws IOException {
    double pause;
    try {
      pause = seconds.isEmpty() ? 2 : Double.parseDouble(seconds.replaceFirst("^i(nterval)?=", ""));
    } catch (NumberFormatException _) {
      return shell.fail("\\watch: not a number of seconds: " + seconds);
    }
    return shell.watch(takeBuffer(splitter), Duration.ofMillis(Math.round(pause * 1000)));
  }

  private boolean edit(String file, StatementSplitter splitter, LineSource source)
      throws IOException {
    Path path = file.isEmpty() ? Files.createTempFile("shardforge", ".sql") : Path.of(file);
    try {
      if (file.isEmpty()) {
        Files.writeString(path, buffer(splitter) + ";\n");
      }
      String editor =
          System.getenv("VISUAL") == null ? System.getenv("EDITOR") : System.getenv("VISUAL");
      if (!runProgram((editor == null ? "vi" : editor) + " '" + path + "'")) {
        return false;
      }
      splitter.reset();
      boolean isWell = true;
      for (String line : Files.readString(path).split("\n", -1)) {
        for (Piece piece : splitter.add(line)) {
          isWell &=
              switch (piece) {
                case Piece.Statement statement -> shell.execute(statement.text(), source);
                case Piece.Command command -> run(command.line(), splitter, source);
              };
        }
      }
      return isWell;
    } finally {
      if (file.isEmpty()) {
        Files.deleteIfExists(path);
      }
    }
  }

  // ---- files and programs ----

  private boolean runProgram(String command) throws IOException {
    String wanted = command.isEmpty() ? "${SHELL:-sh}" : command;
    try {
      shell.out().flush();
      return new ProcessBuilder("sh", "-c", wanted).inheritIO().start().waitFor() == 0;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean copy(String rest, LineSource source) throws IOException {
    Matcher parts = COPY.matcher(rest);
    if (!parts.matches()) {
      return shell.fail("\\copy: TABLE FROM|TO FILE [OPTIONS]");
    }
    boolean in = parts.group("way").equalsIgnoreCase("from");
    String where = parts.group("where");
    String statement =
        "COPY "
            + parts.group("what")
            + (in ? " FROM STDIN" : " TO STDOUT")
            + parts.group("options");
    String place = where.toLowerCase(Locale.ROOT);
    if (place.endsWith("stdin") || place.endsWith("stdout")) {
      return shell.execute(statement, source);
    }
    Path file =
        Path.of(
            where.startsWith("'")
                ? where.substring(1, where.length() - 1).replace("''", "'")
                : where);
    try {
      long rows;
      if (in) {
        try (InputStream data = Files.newInputStream(file)) {
          rows = shell.wire().copyIn(statement, data);
        }
      } else {
        try (OutputStream data = Files.newOutputStream(file)) {
          rows = shell.wire().copyOut(statement, data);
        }
      }
      return tell("COPY " + rows);
    } catch (SQLException e) {
      shell.complain(io.shardforge.cli.connect.Wire.complaint(e), statement);
      return false;
    } catch (java.nio.file.NoSuchFileException _) {
      return shell.fail(file + ": No such file or directory");
    }
  }

  // ---- the catalog ----

  private boolean value(String query) {
    Rows rows = shell.ask(query);
    return rows != null && print(rows.first(0).stripTrailing() + "\n");
  }

  private boolean list(String name, String argument) {
    boolean more = name.indexOf('+') >= 0;
    boolean system = name.indexOf('S') >= 0;
    String bare = name.replace("+", "").replace("S", "");
    NamePattern pattern = NamePattern.of(argument);
    CatalogQueries.Listing listing;
    switch (bare) {
      case "d" -> {
        if (!argument.isEmpty()) {
          return new TableDescription(shell, more).show(argument);
        }
        listing = CatalogQueries.relations("tvms", pattern, system, more);
      }
      case "l", "list" -> listing = CatalogQueries.databases(more);
      case "dn" -> listing = CatalogQueries.schemas(pattern, system);
      case "df", "da" -> listing = CatalogQueries.functions(pattern, system);
      case "du", "dg" -> listing = CatalogQueries.roles(pattern);
      case "dT" -> listing = CatalogQueries.types(pattern, system);
      case "dD" -> listing = CatalogQueries.domains(pattern);
      case "dx" -> listing = CatalogQueries.extensions();
      case "dp", "z" -> listing = CatalogQueries.privileges(pattern);
      case "dconfig" -> listing = CatalogQueries.settings(argument.isEmpty() ? null : argument);
      default -> {
        if (!bare.matches("d[tvmis]+")) {
          return shell.fail("invalid command \\" + name + "\nTry \\? for help.");
        }
        listing = CatalogQueries.relations(bare.substring(1), pattern, system, more);
      }
    }
    Rows rows = shell.ask(listing.query());
    if (rows == null) {
      return false;
    }
    boolean ofRelations = listing.title().equals("List of relations");
    if (rows.rows().isEmpty() && ofRelations) {
      return shell.fail(
          argument.isEmpty()
              ? "Did not find any relations."
              : "Did not find any relation named \"" + argument + "\".");
    }
    shell.show(rows, listing.title());
    return true;
  }
}
