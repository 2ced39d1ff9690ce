package io.shardforge.cli.command;

import io.shardforge.cli.shell.Streams;
import java.util.Map;

/** What commands have from the process they run in. */
public record Context(Streams streams, Map<String, String> environment) {}
