package io.shardforge.server.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's certificate as clients see it. SQL clients are asked for one of their own if the
 * directory has an authority for them ({@code client-ca.crt}); they need not have one. Any thread.
 */
public final class ClientTls {
  private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);
  private static final String CLIENT_AUTHORITY = "client-ca.crt";

  private final Path directory;
  private volatile Contexts contexts;

  /** What was read; when the first certificate of each file expires is by the file's name. */
  private record Contexts(SslContext plain, SslContext asking, Map<String, Instant> expiries) {}

  private ClientTls(Path directory, Contexts contexts) {
    this.directory = directory;
    this.contexts = contexts;
  }

  /** A handler for one connection. */
  public ChannelHandler newHandler(ByteBufAllocator allocator) {
    return contexts.plain.newHandler(allocator);
  }

  /** One that asks the client for a certificate. */
  public ChannelHandler newAskingHandler(ByteBufAllocator allocator) {
    return contexts.asking.newHandler(allocator);
  }

  /**
   * Reads {@code node.crt}, {@code node.key} and, if it is there, {@code client-ca.crt} of a
   * certificate directory; F0000 if they cannot be used.
   */
  public static ClientTls load(Path directory) {
    return new ClientTls(directory, read(directory));
  }

  /** When the first certificate of each file expires, by the file's name without its end. */
  public Map<String, Instant> expiries() {
    return contexts.expiries;
  }

  /** Reads the files again, for connections that come from now on. */
  public void reload() {
    try {
      contexts = read(directory);
      LOG.info("certificates for clients read again directory={}", directory);
    } catch (ShardForgeException e) {
      LOG.error("certificates for clients stay as they were: {}", e.getMessage());
    }
  }

  private static Contexts read(Path directory) {
    Path authority = directory.resolve(CLIENT_AUTHORITY);
    try {
      SslContext plain = server(directory).build();
      Map<String, Instant> expiries = new TreeMap<>();
      for (String file : List.of("ca.crt", "node.crt", CLIENT_AUTHORITY)) {
        Path path = directory.resolve(file);
        if (Files.exists(path)) {
          expiries.put(file.substring(0, file.lastIndexOf('.')), expiry(path));
        }
      }
      if (!Files.exists(authority)) {
        return new Contexts(plain, plain, expiries);
      }
      requireOtherThanNodes(authority, directory.resolve("ca.crt"));
      SslContext asking =
          server(directory)
              .trustManager(authority.toFile())
              .clientAuth(ClientAuth.OPTIONAL)
              .build();
      return new Contexts(plain, asking, expiries);
    } catch (IOException | IllegalArgumentException | CertificateException e) {
      throw new ShardForgeException(
          ErrorCode.CONFIG_FILE_ERROR,
          "the certificates in %s cannot be used: %s".formatted(directory, e.getMessage()),
          e);
    }
  }

  private static SslContextBuilder server(Path directory) {
    return SslContextBuilder.forServer(
            directory.resolve("node.crt").toFile(), directory.resolve("node.key").toFile())
        .protocols("TLSv1.3", "TLSv1.2");
  }

  /** Nodes trust whoever holds a certificate of theirs: no client may. */
  private static void requireOtherThanNodes(Path clients, Path nodes)
      throws IOException, CertificateException {
    Set<PublicKey> keys = new HashSet<>();
    certificates(nodes).forEach(one -> keys.add(one.getPublicKey()));
    for (Certificate one : certificates(clients)) {
      if (keys.contains(one.getPublicKey())) {
        throw new ShardForgeException(
                ErrorCode.CONFIG_FILE_ERROR,
                "%s has the authority of the nodes in it".formatted(clients))
            .withHint(
                "A client with a certificate of it could pass for a node. Make an authority of"
                    + " their own for clients.");
      }
    }
  }

  private static Instant expiry(Path file) throws IOException, CertificateException {
    Instant first = Instant.MAX;
    for (Certificate one : certificates(file)) {
      Instant end = ((X509Certificate) one).getNotAfter().toInstant();
      first = end.isBefore(first) ? end : first;
    }
    return first;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, CertificateException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }
}
