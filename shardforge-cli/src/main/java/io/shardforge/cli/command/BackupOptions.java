package io.shardforge.cli.command;

import io.shardforge.cli.shell.Literals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a backup is encrypted with, for every command about backups. */
final class BackupOptions {
  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "A file here whose first line is the passphrase")
  private @Nullable Path passphraseFile;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file of the nodes that is the key")
  private @Nullable String keyFile;

  /** The arguments of a function, named, with those for the key; fails if a file cannot be read. */
  String call(String function, String target, List<String> more) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Literals.quote(target));
    arguments.addAll(more);
    if (passphraseFile != null) {
      arguments.add("passphrase => " + Literals.quote(passphrase(passphraseFile)));
    }
    if (keyFile != null) {
      arguments.add("key_file => " + Literals.quote(keyFile));
    }
    return "SELECT * FROM shardforge." + function + "(" + String.join(", ", arguments) + ")";
  }

  private static String passphrase(Path file) {
    try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines.findFirst().orElseThrow(() -> new IllegalArgumentException(file + " is empty"));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read");
    }
  }

  /** An argument that is a text, none if it is not given. */
  static void addText(List<String> arguments, String name, @Nullable String value) {
    if (value != null) {
      arguments.add(name + " => " + Literals.quote(value));
    }
  }

  /** An argument that is an array of texts, none if it is empty. */
  static void addTexts(List<String> arguments, String name, List<String> values) {
    if (!values.isEmpty()) {
      arguments.add(
          name
              + " => ARRAY["
              + String.join(", ", values.stream().map(Literals::quote).toList())
              + "]");
    }
  }
}
