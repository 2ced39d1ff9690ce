package io.shardforge.cli.connect;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that connects to a node. */
public final class ConnectionOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "postgresql://user@host:port/database?sslmode=…; or SHARDFORGE_URL")
  private @Nullable String url;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      description = "The node's SQL address, or several with commas (PGHOST; 127.0.0.1)")
  private @Nullable String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Its port (PGPORT; 15432)")
  private @Nullable String port;

  @Option(
      names = {"-U", "--user", "--username"},
      paramLabel = "NAME",
      description = "Who connects (PGUSER; shardforge)")
  private @Nullable String user;

  @Option(
      names = {"-d", "--dbname", "--database"},
      paramLabel = "NAME",
      description = "Database, or a URL (PGDATABASE; shardforge)")
  private @Nullable String database;

  @Option(
      names = {"-W", "--password"},
      description = "Ask for the password before connecting")
  private boolean asksPassword;

  @Option(
      names = "--sslmode",
      paramLabel = "MODE",
      description = "disable, prefer, require, verify-ca or verify-full (PGSSLMODE; prefer)")
  private @Nullable String sslMode;

  @Option(
      names = "--sslrootcert",
      paramLabel = "FILE",
      description = "The authority that signed the node's certificate (PGSSLROOTCERT)")
  private @Nullable String sslRootCertificate;

  @Option(names = "--sslcert", paramLabel = "FILE", description = "One's own certificate")
  private @Nullable String sslCertificate;

  @Option(names = "--sslkey", paramLabel = "FILE", description = "One's own key")
  private @Nullable String sslKey;

  /** Whether to ask for the password whatever the server wants. */
  public boolean asksPassword() {
    return asksPassword;
  }

  /** Where these options lead: what they say comes first, then the URL, then the environment. */
  public Target target(Map<String, String> environment) {
    return target(environment, null);
  }

  /** The same with a database or a URL that was given without an option. */
  public Target target(Map<String, String> environment, @Nullable String word) {
    Map<String, String> said = new LinkedHashMap<>();
    String address = url;
    String name = database == null ? word : database;
    if (name != null && Target.isUrl(name)) {
      address = name;
    } else if (name != null) {
      said.put("dbname", name);
    }
    put(said, "host", host);
    put(said, "port", port);
    put(said, "user", user);
    put(said, "sslmode", sslMode);
    put(said, "sslrootcert", sslRootCertificate);
    put(said, "sslcert", sslCertificate);
    put(said, "sslkey", sslKey);
    return Target.of(said, address, environment);
  }

  private static void put(Map<String, String> said, String name, @Nullable String value) {
    if (value != null) {
      said.put(name, value);
    }
  }
}
