package io.shardforge.cli.command;

import io.shardforge.cli.cert.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cert}: makes authorities, and certificates of nodes and clients. */
@Command(name = "cert", description = "Makes certificates of nodes and clients.")
final class CertCommand {
  private static final String DIRECTORY = "Where certificates are (certs)";
  private static final String CA_KEY = "The authority's key, if it is kept elsewhere";

  private final Context context;

  CertCommand(Context context) {
    this.context = context;
  }

  @Command(
      name = "create-ca",
      description =
          "Makes the authority of nodes: ca.crt and ca.key; of clients, which is another"
              + " one: client-ca.crt and client-ca.key. Keep the keys off the nodes.")
  int createAuthority(
      @Option(names = "--clients", description = "The authority of clients") boolean ofClients,
      @Option(names = "--certs-dir", defaultValue = "certs", description = DIRECTORY)
          Path directory,
      @Option(names = "--ca-key", paramLabel = "FILE", description = CA_KEY) @Nullable Path key,
      @Option(names = "--days", defaultValue = "3650", paramLabel = "N") int days)
      throws IOException, GeneralSecurityException {
    Files.createDirectories(directory);
    Path certificate = directory.resolve(authority(ofClients) + ".crt");
    Path keyFile = keyOf(directory, ofClients, key);
    String name = "ShardForge authority of " + (ofClients ? "clients" : "nodes");
    Authority.create(certificate, keyFile, name, life(days));
    return tell(certificate, keyFile);
  }

  @Command(
      name = "create-node",
      description = "Makes a node's certificate: node.crt and node.key, signed by ca.key.")
  int createNode(
      @Parameters(
              paramLabel = "HOST",
              arity = "1..*",
              description = "Names and addresses that clients and nodes connect to")
          List<String> hosts,
      @Option(names = "--certs-dir", defaultValue = "certs", description = DIRECTORY)
          Path directory,
      @Option(names = "--ca-key", paramLabel = "FILE", description = CA_KEY) @Nullable Path key,
      @Option(names = "--days", defaultValue = "825", paramLabel = "N") int days)
      throws IOException, GeneralSecurityException {
    return issue(directory, false, key, "node", hosts.getFirst(), hosts, days);
  }

  @Command(
      name = "create-client",
      description =
          "Makes a user's certificate: client.USER.crt and .key, signed by client-ca.key.")
  int createClient(
      @Parameters(paramLabel = "USER", description = "Who logs in with it") String user,
      @Option(names = "--certs-dir", defaultValue = "certs", description = DIRECTORY)
          Path directory,
      @Option(names = "--ca-key", paramLabel = "FILE", description = CA_KEY) @Nullable Path key,
      @Option(names = "--days", defaultValue = "825", paramLabel = "N") int days)
      throws IOException, GeneralSecurityException {
    return issue(directory, true, key, "client." + user, user, List.of(), days);
  }

  private int issue(
      Path directory,
      boolean ofClients,
      @Nullable Path key,
      String file,
      String name,
      List<String> hosts,
      int days)
      throws IOException, GeneralSecurityException {
    Path authority = directory.resolve(authority(ofClients) + ".crt");
    Path authorityKey = keyOf(directory, ofClients, key);
    for (Path needed : List.of(authority, authorityKey)) {
      if (!Files.exists(needed)) {
        throw new NoSuchFileException(
            needed + " is missing: cert create-ca" + (ofClients ? " --clients" : "") + " first");
      }
    }
    Path certificate = directory.resolve(file + ".crt");
    Path keyFile = directory.resolve(file + ".key");
    Authority.load(authority, authorityKey).issue(certificate, keyFile, name, hosts, life(days));
    return tell(certificate, keyFile);
  }

  private static String authority(boolean ofClients) {
    return ofClients ? "client-ca" : "ca";
  }

  private static Path keyOf(Path directory, boolean ofClients, @Nullable Path key) {
    return key == null ? directory.resolve(authority(ofClients) + ".key") : key;
  }

  private static Duration life(int days) {
    if (days < 1) {
      throw new IllegalArgumentException("--days " + days + ": at least 1");
    }
    return Duration.ofDays(days);
  }

  private int tell(Path certificate, Path key) {
    context.streams().out().println("wrote " + certificate + " and " + key);
    return ExitCode.OK;
  }
}
