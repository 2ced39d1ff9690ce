package io.shardforge.raft.route;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Mutual TLS between nodes: a peer is whoever holds a certificate of the cluster's own authority.
 * Host names are not compared, because a node is its id and may move to another address.
 */
public final class RpcTls {
  static final String AUTHORITY_FILE = "ca.crt";
  static final String CERTIFICATE_FILE = "node.crt";
  static final String KEY_FILE = "node.key";
  private static final List<String> PROTOCOLS = List.of("TLSv1.3");

  private final SslContext server;
  private final SslContext client;

  private RpcTls(SslContext server, SslContext client) {
    this.server = server;
    this.client = client;
  }

  /** Reads {@code ca.crt}, {@code node.crt} and {@code node.key} (PKCS #8) of a directory. */
  public static RpcTls load(Path certsDir) {
    Path authority = certsDir.resolve(AUTHORITY_FILE);
    Path certificate = certsDir.resolve(CERTIFICATE_FILE);
    Path key = certsDir.resolve(KEY_FILE);
    for (Path file : List.of(authority, certificate, key)) {
      if (!Files.isReadable(file)) {
        throw new IllegalArgumentException("cannot read " + file);
      }
    }
    try {
      SslContext server =
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .trustManager(authority.toFile())
              .clientAuth(ClientAuth.REQUIRE)
              .protocols(PROTOCOLS)
              .build();
      SslContext client =
          SslContextBuilder.forClient()
              .keyManager(certificate.toFile(), key.toFile())
              .trustManager(authority.toFile())
              .endpointIdentificationAlgorithm("")
              .protocols(PROTOCOLS)
              .build();
      return new RpcTls(server, client);
    } catch (SSLException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot use the certificates in " + certsDir + ": " + e.getMessage(), e);
    }
  }

  SslContext server() {
    return server;
  }

  SslContext client() {
    return client;
  }
}
