package io.shardforge.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory that this process may count on: the machine's, or its control group's if less. */
public final class MachineMemory {
  private static final long UNKNOWN_BYTES = 2L << 30;

  private MachineMemory() {}

  /** Reads the kernel's files; a machine without them counts as a small one. */
  public static long bytes() {
    return bytes(
        Path.of("/proc/meminfo"),
        List.of(
            Path.of("/sys/fs/cgroup/memory.max"),
            Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes")));
  }

  static long bytes(Path memoryInfo, List<Path> limits) {
    long bytes = UNKNOWN_BYTES;
    try {
      for (String line : Files.readAllLines(memoryInfo)) {
        if (line.startsWith("MemTotal:")) {
          bytes = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException _) {
      return UNKNOWN_BYTES;
    }
    for (Path limit : limits) {
      try {
        bytes = Math.min(bytes, Long.parseLong(Files.readString(limit).strip()));
      } catch (IOException | NumberFormatException _) {
        // No such limit, or the word "max".
      }
    }
    return bytes;
  }
}
