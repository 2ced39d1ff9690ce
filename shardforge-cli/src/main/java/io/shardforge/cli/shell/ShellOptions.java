package io.shardforge.cli.shell;

import io.shardforge.cli.print.OutputFormat;
import java.util.Map;

/** What the command line says of how a shell shows things. */
public record ShellOptions(
    OutputFormat format,
    String nullText,
    boolean rowsOnly,
    boolean quiet,
    boolean timing,
    boolean stopsOnError,
    Map<String, String> variables) {}
