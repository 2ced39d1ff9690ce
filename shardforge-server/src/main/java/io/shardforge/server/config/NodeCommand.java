package io.shardforge.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line, up to the main class, that starts another node process like this one. */
public final class NodeCommand {
  /** Names the file of JVM arguments that the launcher wrote. */
  private static final String ARGUMENT_FILE = "shardforge.jvm.args";

  private static final long HEAP_PERCENT = 35;
  private static final long HEAP_MIN_BYTES = 256L << 20;

  private NodeCommand() {}

  /** The command for one of {@code nodes} processes that share this machine. */
  public static List<String> forNodes(int nodes) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String file = System.getProperty(ARGUMENT_FILE);
    if (file == null) {
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-cp",
              System.getProperty("java.class.path")));
      String library = System.getProperty("shardforge.libpgquery");
      if (library != null) {
        command.add("-Dshardforge.libpgquery=" + library);
      }
    } else {
      command.add("@" + file);
    }
    command.add("-Xmx" + heapBytes(MachineMemory.bytes(), nodes) / (1 << 20) + "m");
    return command;
  }

  /** The heap of one node: its share of the machine's memory, as the launcher gives it to one. */
  static long heapBytes(long machineBytes, int nodes) {
    return Math.max(HEAP_MIN_BYTES, machineBytes / nodes * HEAP_PERCENT / 100);
  }
}
