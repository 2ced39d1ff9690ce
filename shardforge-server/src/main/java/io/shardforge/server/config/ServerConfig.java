package io.shardforge.server.config;

import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.Locality;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a node was told at start-up, checked and with defaults filled in.
 *
 * @param logDirectory where log files are written, or null for none
 * @param stopsWithParent whether the node stops when its standard input closes
 */
public record ServerConfig(
    StorageConfig storage,
    NetworkConfig network,
    SecurityConfig security,
    SqlConfig sql,
    AlertConfig alerts,
    LogFormat logFormat,
    @Nullable Path logDirectory,
    boolean stopsWithParent) {
  static final String VARIABLE_PREFIX = "SHARDFORGE_";

  private static final String DEFAULT_LISTEN = "127.0.0.1:17432";
  private static final String DEFAULT_PG = "127.0.0.1:15432";
  private static final String DEFAULT_HTTP = "127.0.0.1:18080";
  private static final int DEFAULT_CONNECTIONS_MAX = 5_000;
  private static final int CONNECTIONS_LIMIT = 1_000_000;
  private static final Duration DEFAULT_RETENTION = Duration.ofHours(4);
  private static final int MEMORY_PARTS = 4;
  private static final int SCAN_CACHE_PARTS = 6;
  private static final int MEMORY_SHARE_MAX = 64;

  /**
   * What one of several nodes on a machine caches unless told otherwise: it is there to be tried.
   */
  private static final long SHARED_CACHE_BYTES_MAX = 160L << 20;

  private static final long MEMORY_MIN_BYTES = 16L << 20;

  /** Whether a node belongs to a cluster of several or is one of its own. */
  public enum Role {
    MEMBER,
    SINGLE
  }

  /** How log lines look. */
  public enum LogFormat {
    PLAIN,
    JSON
  }

  /** What this process was given: its own environment and the machine's memory. */
  public static ServerConfig read(Role role, List<String> arguments) {
    return read(role, arguments, System.getenv(), MachineMemory.bytes(), heapBytes());
  }

  static ServerConfig read(
      Role role,
      List<String> arguments,
      Map<String, String> environment,
      long machineBytes,
      long heapBytes) {
    Settings settings = Settings.read(arguments, environment);
    int nodesHere = integer(settings, Option.MEMORY_SHARE, 1, 1, MEMORY_SHARE_MAX);
    long share = machineBytes / nodesHere;
    long cache = share / MEMORY_PARTS;
    if (nodesHere > 1) {
      cache = Math.min(cache, SHARED_CACHE_BYTES_MAX);
    }
    NetworkConfig network = network(settings, role);
    return new ServerConfig(
        new StorageConfig(
            path(settings, Option.STORE, "a node needs a directory for its data"),
            size(settings, Option.CACHE, cache),
            heapSize(settings, Option.SCAN_CACHE, heapBytes / SCAN_CACHE_PARTS, heapBytes),
            duration(settings, Option.HISTORY_RETENTION, DEFAULT_RETENTION)),
        network,
        security(settings, network, environment.get(VARIABLE_PREFIX + "PASSWORD")),
        new SqlConfig(
            heapSize(settings, Option.SQL_MEMORY, share / MEMORY_PARTS, heapBytes),
            integer(
                settings, Option.MAX_CONNECTIONS, DEFAULT_CONNECTIONS_MAX, 1, CONNECTIONS_LIMIT)),
        AlertSettings.read(settings, environment),
        logFormat(settings),
        settings.get(Option.LOG_DIR) == null ? null : path(settings, Option.LOG_DIR, ""),
        isOn(settings, Option.STOP_WITH_PARENT));
  }

  private static NetworkConfig network(Settings settings, Role role) {
    HostPort listen = address(settings, Option.LISTEN, DEFAULT_LISTEN);
    Settings.Given advertised = settings.get(Option.ADVERTISE);
    if (advertised == null && isWildcard(listen)) {
      throw new ConfigException(
          "--listen "
              + listen
              + " means every address of this machine; say with --advertise which of them the other"
              + " nodes shall use.");
    }
    HostPort advertise =
        advertised == null ? listen : address(settings, Option.ADVERTISE, advertised.text());
    List<HostPort> join = new ArrayList<>();
    Settings.Given joined = settings.get(Option.JOIN);
    switch (role) {
      case MEMBER -> {
        if (joined == null) {
          throw new ConfigException(
              "--join is missing: the --listen addresses of the cluster's first nodes, separated by"
                  + " commas. For a cluster of one node use start-single-node.");
        }
        for (String text : joined.text().split(",", -1)) {
          join.add(address(text.strip(), Option.JOIN, joined.origin()));
        }
        if (join.stream().distinct().count() != join.size()) {
          throw new ConfigException("--join names an address twice: " + joined.text());
        }
      }
      case SINGLE -> {
        if (joined != null) {
          throw new ConfigException(
              "start-single-node takes no --join (" + joined.origin() + "); use start.");
        }
        join.add(advertise);
      }
    }
    return new NetworkConfig(
        listen,
        advertise,
        address(settings, Option.PG, DEFAULT_PG),
        address(settings, Option.HTTP, DEFAULT_HTTP),
        join,
        locality(settings));
  }

  private static Locality locality(Settings settings) {
    Settings.Given given = settings.get(Option.LOCALITY);
    if (given == null) {
      return Locality.NONE;
    }
    try {
      return Locality.parse(given.text());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "The locality '"
              + given.text()
              + "' ("
              + given.origin()
              + ") is none: "
              + e.getMessage()
              + ".");
    }
  }

  private static SecurityConfig security(
      Settings settings, NetworkConfig network, @Nullable String password) {
    boolean insecure = isOn(settings, Option.INSECURE);
    Settings.Given certificates = settings.get(Option.CERTS_DIR);
    Settings.Given access = settings.get(Option.ACCESS);
    if (insecure && access != null) {
      throw new ConfigException(
          "--insecure and --access (" + access.origin() + ") exclude each other.");
    }
    if (insecure && certificates != null) {
      throw new ConfigException(
          "--insecure and --certs-dir (" + certificates.origin() + ") exclude each other.");
    }
    if (!insecure && certificates == null) {
      for (HostPort exposed : List.of(network.listen(), network.pg())) {
        if (!isLoopback(exposed)) {
          throw new ConfigException(
              "Other machines can reach "
                  + exposed
                  + ", so say how it is protected: --certs-dir DIR, or --insecure if nothing is to"
                  + " protect it.");
        }
      }
    }
    return new SecurityConfig(
        insecure,
        certificates == null ? null : path(settings, Option.CERTS_DIR, ""),
        access == null ? null : path(settings, Option.ACCESS, ""),
        password == null || password.isEmpty() ? null : password);
  }

  /** A size of something that lies on the heap. */
  private static long heapSize(Settings settings, Option option, long otherwise, long heapBytes) {
    // Everything else that lives on the heap keeps at least a fifth of it.
    long most = heapBytes / 5 * 4;
    if (settings.get(option) == null) {
      return Math.max(MEMORY_MIN_BYTES, Math.min(otherwise, most));
    }
    long bytes = size(settings, option, 0);
    if (bytes > most) {
      throw new ConfigException(
          "--"
              + option.key()
              + " "
              + ByteSize.format(bytes)
              + " does not fit into this process's heap of "
              + ByteSize.format(heapBytes)
              + "; give it a larger one, such as SHARDFORGE_HEAP="
              + (bytes / 4 * 5 / (1 << 20) + 1)
              + "m");
    }
    return bytes;
  }

  private static LogFormat logFormat(Settings settings) {
    Settings.Given given = settings.get(Option.LOG_FORMAT);
    if (given == null) {
      return LogFormat.PLAIN;
    }
    return switch (given.text()) {
      case "plain" -> LogFormat.PLAIN;
      case "json" -> LogFormat.JSON;
      default -> throw wrong(given, Option.LOG_FORMAT, "expected plain or json");
    };
  }

  private static Path path(Settings settings, Option option, String whenMissing) {
    Settings.Given given = settings.get(option);
    if (given == null || given.text().isEmpty()) {
      throw new ConfigException("--" + option.key() + " is missing: " + whenMissing + ".");
    }
    try {
      return Path.of(given.text()).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw wrong(given, option, e.getReason());
    }
  }

  private static HostPort address(Settings settings, Option option, String otherwise) {
    Settings.Given given = settings.get(option);
    return given == null
        ? address(otherwise, option, "default")
        : address(given.text(), option, given.origin());
  }

  private static HostPort address(String text, Option option, String origin) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException _) {
      throw wrong(new Settings.Given(text, origin), option, "expected HOST:PORT");
    }
  }

  private static long size(Settings settings, Option option, long otherwise) {
    Settings.Given given = settings.get(option);
    if (given == null) {
      return Math.max(MEMORY_MIN_BYTES, otherwise);
    }
    long bytes =
        ByteSize.parse(given.text())
            .orElseThrow(() -> wrong(given, option, "expected a size such as 512MiB or 2GiB"));
    if (bytes < MEMORY_MIN_BYTES) {
      throw wrong(given, option, "the least is " + ByteSize.format(MEMORY_MIN_BYTES));
    }
    return bytes;
  }

  private static Duration duration(Settings settings, Option option, Duration otherwise) {
    Settings.Given given = settings.get(option);
    if (given == null) {
      return otherwise;
    }
    return TimeSpan.parse(given.text())
        .orElseThrow(() -> wrong(given, option, "expected a time such as 30s, 10min, 4h or 2d"));
  }

  private static int integer(
      Settings settings, Option option, int otherwise, int least, int greatest) {
    Settings.Given given = settings.get(option);
    if (given == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(given.text());
      if (number >= least && number <= greatest) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Reported below like a number out of range.
    }
    throw wrong(given, option, "expected a number from " + least + " to " + greatest);
  }

  private static boolean isOn(Settings settings, Option option) {
    Settings.Given given = settings.get(option);
    if (given == null) {
      return false;
    }
    return switch (given.text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong(given, option, "expected true or false");
    };
  }

  private static ConfigException wrong(Settings.Given given, Option option, String expected) {
    return new ConfigException(
        "The value '"
            + given.text()
            + "' of "
            + option.key()
            + " ("
            + given.origin()
            + ") is not usable: "
            + expected
            + ".");
  }

  private static boolean isWildcard(HostPort address) {
    return address.host().equals("0.0.0.0") || address.host().equals("::");
  }

  private static boolean isLoopback(HostPort address) {
    try {
      return InetAddress.getByName(address.host()).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }

  private static long heapBytes() {
    return Runtime.getRuntime().maxMemory();
  }
}
