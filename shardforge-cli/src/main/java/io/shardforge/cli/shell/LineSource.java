package io.shardforge.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where lines come from: a terminal, a file, another program, or the command line. */
interface LineSource {
  /** The next line without its end, null after the last; a terminal shows what is asked for. */
  @Nullable String next(String prompt) throws IOException;

  /** A line that is data and no statement. */
  default @Nullable String nextData(String prompt) throws IOException {
    return next(prompt);
  }

  /** Whether somebody sits there. */
  default boolean isInteractive() {
    return false;
  }

  /** Lines of a stream. */
  static LineSource of(InputStream in) {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    return _ -> reader.readLine();
  }

  /** Lines of a text. */
  static LineSource of(String text) {
    var lines = text.lines().iterator();
    return _ -> lines.hasNext() ? lines.next() : null;
  }
}
