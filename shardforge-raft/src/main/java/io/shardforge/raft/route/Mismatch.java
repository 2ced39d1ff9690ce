package io.shardforge.raft.route;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What keeps two nodes from talking however often they try, in words. */
public final class Mismatch {
  private static final String PEER_ENDED_TLS = "Received fatal alert: ";

  private Mismatch() {}

  /** What a failed connection says of both sides, or null when another attempt may do better. */
  public static @Nullable String of(Throwable failure) {
    SSLException tls = null;
    boolean untrusted = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case CertificateExpiredException _ -> {
          return "its certificate has expired";
        }
        case CertificateNotYetValidException _ -> {
          return "its certificate is not valid yet";
        }
        // What lies below may say more.
        case CertPathBuilderException _, CertPathValidatorException _ -> untrusted = true;
        case NotSslRecordException _ -> {
          return "it does not use TLS, and this side does (--certs-dir)";
        }
        case TooLongFrameException _ -> {
          return "it does not answer as a node does; perhaps it uses TLS (--certs-dir), and this"
              + " side does not";
        }
        case SSLException found -> tls = found;
        default -> {}
      }
    }
    if (untrusted) {
      return "its certificate is not signed by this side's authority";
    }
    String message = tls == null ? null : tls.getMessage();
    if (message == null) {
      return null;
    }
    int ended = message.indexOf(PEER_ENDED_TLS);
    if (ended >= 0) {
      String alert = message.substring(ended + PEER_ENDED_TLS.length());
      return switch (alert) {
        case "certificate_unknown", "bad_certificate", "unknown_ca" ->
            "it does not accept this side's certificate: each must be signed by the other's"
                + " authority (ca.crt)";
        case "certificate_expired" -> "it takes this side's certificate for expired";
        default -> "it ended the TLS handshake: " + alert;
      };
    }
    return message.contains("Empty client certificate chain") ? "it shows no certificate" : null;
  }
}
