package io.shardforge.cli.connect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connects, asking whoever sits at the terminal for a password where one is needed. */
public final class Login {
  private static final Path TERMINAL = Path.of("/dev/tty");

  private Login() {}

  /** A connection; with a password that is asked for first, if that is wanted. */
  public static Wire connect(Target target, boolean asksFirst) {
    try {
      return Wire.open(asksFirst ? target.with("password", ask(target, null)) : target);
    } catch (PasswordMissingException missing) {
      Target whole = target.with("password", ask(target, missing));
      try {
        return Wire.open(whole);
      } catch (PasswordMissingException e) {
        throw new ConnectionFailedException(String.valueOf(e.getMessage()), e);
      }
    }
  }

  /** A connection for the driver's own ways, with prepared statements. */
  public static Connection driver(Target target) throws SQLException {
    Properties properties = target.driverProperties();
    properties.remove("preferQueryMode");
    return DriverManager.getConnection(target.driverUrl(), properties);
  }

  private static String ask(
      Target target, @org.jspecify.annotations.Nullable PasswordMissingException missing) {
    try {
      Files.writeString(TERMINAL, "Password for user " + target.get("user") + ": ");
      echo(false);
      try (BufferedReader in =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(TERMINAL), StandardCharsets.UTF_8))) {
        String line = in.readLine();
        return line == null ? "" : line;
      } finally {
        echo(true);
        Files.writeString(TERMINAL, "\n");
      }
    } catch (IOException e) {
      // Nobody sits there.
      throw new ConnectionFailedException(
          missing == null
              ? "there is no terminal to ask for a password at"
              : String.valueOf(missing.getMessage()),
          e);
    }
  }

  private static void echo(boolean on) throws IOException {
    try {
      new ProcessBuilder("stty", on ? "echo" : "-echo")
          .redirectInput(TERMINAL.toFile())
          .start()
          .waitFor();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
