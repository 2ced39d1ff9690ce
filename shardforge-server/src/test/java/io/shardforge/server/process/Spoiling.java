package io.shardforge.server.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nodes are given so that they do wrong, to see that the tests notice.
 *
 * @param preload a library that takes the place of functions of the C library, or null
 * @param overlay classes that take the place of a node's own, or null
 */
record Spoiling(@Nullable Path preload, @Nullable Path overlay) {
  static final Spoiling NONE = new Spoiling(null, null);

  private static final String CLASS_PATH = "-cp";

  /** What is added to the options of the JVM of every node. */
  List<String> options() {
    // From a file of loaded classes they would come as they were, whatever the class path says.
    return overlay == null
        ? List.of()
        : List.of("-XX:AOTMode=off", CLASS_PATH, overlay + ":" + classPath());
  }

  /** Sets a node's environment. */
  void apply(ServerNode node) {
    if (preload != null) {
      node.environment("LD_PRELOAD", preload.toString());
    }
  }

  /** The class path of nodes, as the launcher wrote it or as that of this process. */
  private static String classPath() {
    String file = System.getProperty("shardforge.jvm.args");
    if (file == null) {
      return System.getProperty("java.class.path");
    }
    try {
      List<String> lines = Files.readAllLines(Path.of(file));
      return lines.get(lines.indexOf(CLASS_PATH) + 1).replace("\"", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
