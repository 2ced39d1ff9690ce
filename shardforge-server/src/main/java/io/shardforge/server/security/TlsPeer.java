package io.shardforge.server.security;

import io.shardforge.raft.route.Mismatch;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What the TLS of one connection tells of both its ends. */
public final class TlsPeer {
  private final SSLSession session;

  public TlsPeer(SSLSession session) {
    this.session = session;
  }

  /** What a failed handshake says of the other side; null if TLS has nothing to do with it. */
  public static @Nullable String whyRefused(Throwable failure) {
    String known = Mismatch.of(failure);
    if (known != null) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return "TLS: " + cause.getMessage();
      }
    }
    return null;
  }

  /** The version as OpenSSL calls it, such as {@code TLSv1.3}. */
  public String protocol() {
    return session.getProtocol();
  }

  public String cipher() {
    return session.getCipherSuite();
  }

  /** What a session tells of its TLS. */
  public SessionFactory.Encryption encryption() {
    X509Certificate certificate = certificate();
    return new SessionFactory.Encryption(
        protocol(),
        cipher(),
        certificate == null ? null : certificate.getSubjectX500Principal().getName(),
        certificate == null ? null : certificate.getSerialNumber(),
        certificate == null ? null : certificate.getIssuerX500Principal().getName());
  }

  /** The client's certificate, which its authority has signed; null if it showed none. */
  public @Nullable X509Certificate certificate() {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** The common name in the client's certificate; null without one. */
  public @Nullable String commonName() {
    X509Certificate certificate = certificate();
    if (certificate == null) {
      return null;
    }
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return part.getValue().toString();
        }
      }
      return null;
    } catch (InvalidNameException e) {
      return null;
    }
  }

  /**
   * The hash of the server's certificate that SCRAM binds to ({@code tls-server-end-point}, RFC
   * 5929); null if the certificate's signature tells no hash.
   */
  public byte @Nullable [] serverEndPoint() {
    Certificate[] own = session.getLocalCertificates();
    if (own == null || !(own[0] instanceof X509Certificate certificate)) {
      return null;
    }
    String signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    int with = signature.indexOf("WITH");
    if (with < 0) {
      return null;
    }
    String hash =
        switch (signature.substring(0, with)) {
          case "MD5", "SHA1", "SHA256" -> "SHA-256";
          case "SHA224" -> "SHA-224";
          case "SHA384" -> "SHA-384";
          case "SHA512" -> "SHA-512";
          default -> "";
        };
    if (hash.isEmpty()) {
      return null;
    }
    try {
      return MessageDigest.getInstance(hash).digest(certificate.getEncoded());
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR, "the server's certificate cannot be hashed", e);
    }
  }
}
