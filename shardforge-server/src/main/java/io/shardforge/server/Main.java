package io.shardforge.server;

import io.shardforge.server.config.ServerConfig;
import io.shardforge.server.telemetry.LogSetup;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** The entry point of the server process: one verb a command, its options after it. */
public final class Main {
  private static final int EXIT_USAGE = 2;

  private Main() {}

  /** Runs one command; the exit code is 0, 1 when it failed and 2 when it was not understood. */
  public static void main(String[] args) throws InterruptedException {
    List<String> options = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    int code = run(args.length == 0 ? "help" : args[0], options, System.out, System.err);
    if (code != 0) {
      System.exit(code);
    }
  }

  private static int run(String verb, List<String> options, PrintStream out, PrintStream err)
      throws InterruptedException {
    if (options.contains("--help") || options.contains("-h")) {
      out.print(Help.of(verb));
      return 0;
    }
    try {
      return switch (verb) {
        case "demo" -> demo(options, out);
        case "rehearse" -> rehearse(options, out);
        case "start" ->
            serve(ServerConfig.read(ServerConfig.Role.MEMBER, options), false, out, err);
        case "start-single-node" ->
            serve(ServerConfig.read(ServerConfig.Role.SINGLE, options), true, out, err);
        case "init" -> InitCommand.parse(options).run(out, err);
        case "node" -> {
          if (options.isEmpty() || !options.getFirst().equals("recover")) {
            throw new IllegalArgumentException("a node's own command is: node recover");
          }
          yield RecoverCommand.parse(options.subList(1, options.size())).run(out, err);
        }
        case "version", "--version" -> {
          out.println("ShardForge " + version() + " (Java " + Runtime.version().feature() + ")");
          yield 0;
        }
        case "help", "--help", "-h" -> {
          out.print(Help.all());
          yield 0;
        }
        default -> {
          err.println("There is no command '" + verb + "'.\n\n" + Help.all());
          yield EXIT_USAGE;
        }
      };
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return EXIT_USAGE;
    } catch (IOException | ShardForgeException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  private static int demo(List<String> options, PrintStream out)
      throws IOException, InterruptedException {
    Demo demo = Demo.open(DemoOptions.parse(options), out);
    Runtime.getRuntime().addShutdownHook(new Thread(demo::stop, "stop"));
    return demo.run();
  }

  /** Called by the launcher after a build. */
  private static int rehearse(List<String> options, PrintStream out)
      throws IOException, InterruptedException {
    if (options.size() != 1) {
      throw new IllegalArgumentException("rehearse takes the name of the cache to write.");
    }
    return Rehearsal.run(Path.of(options.getFirst()), out);
  }

  /** Runs a node until it is told to stop, or must not go on. */
  private static int serve(ServerConfig config, boolean single, PrintStream out, PrintStream err)
      throws IOException, InterruptedException {
    LogSetup.use(
        config.logFormat() == ServerConfig.LogFormat.JSON, config.logDirectory(), version());
    // A statement that runs out of memory ends with an error; any other thread ends the process.
    Thread.setDefaultUncaughtExceptionHandler(Main::endThread);
    Node node = Node.start(config, out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(node), "stop"));
    if (config.stopsWithParent()) {
      Thread.ofPlatform().daemon().name("parent-watch").start(Main::exitWithParent);
    }
    if (single) {
      node.initialize();
    }
    Optional<String> fatal = node.awaitStop();
    if (fatal.isPresent()) {
      err.println("This node stopped: " + fatal.get());
      err.flush();
      // Nothing may be written any more by a node that must not go on, not even a clean end.
      Runtime.getRuntime().halt(1);
    }
    return 0;
  }

  private static void endThread(Thread thread, Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      System.err.println("This node stopped: out of memory in thread " + thread.getName());
      Runtime.getRuntime().halt(1);
    }
    LoggerFactory.getLogger(Main.class)
        .error("a thread ended thread={}", thread.getName(), failure);
  }

  private static void drain(Node node) {
    try {
      node.drain();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The parent holds the other end of standard input: when it ends, so does this process. */
  private static void exitWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Whatever is written there means nothing.
      }
    } catch (IOException _) {
      // As good as the end.
    }
    System.exit(0);
  }

  /** The version in the jar's manifest, or a word for classes that were not packed into one. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
