package io.shardforge.server.security;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802), bound to the connection's TLS if the
 * client wants that ({@code tls-server-end-point}, RFC 5929). A role that does not exist or has no
 * password goes through the whole exchange with a made-up verifier, so that the answer does not
 * tell which.
 */
public final class ScramExchange {
  /** The mechanism that is always offered. */
  public static final String MECHANISM = "SCRAM-SHA-256";

  /** The one that is offered where there is something to bind to. */
  public static final String BOUND_MECHANISM = "SCRAM-SHA-256-PLUS";

  private static final String BINDING_TYPE = "tls-server-end-point";

  private final ScramVerifier verifier;
  private final boolean genuine;
  private final String serverNonce;
  private final byte @Nullable [] binding;
  private String clientFirstBare = "";
  private String serverFirst = "";
  private String gs2Header = "";

  /**
   * @param genuine whether the verifier is a role's, not made up
   * @param binding what the exchange can be bound to, or null
   */
  ScramExchange(
      ScramVerifier verifier, boolean genuine, String serverNonce, byte @Nullable [] binding) {
    this.binding = binding;
    this.verifier = verifier;
    this.genuine = genuine;
    this.serverNonce = serverNonce;
  }

  /** The mechanisms that the client can choose from, the best one first. */
  public List<String> mechanisms() {
    return binding == null ? List.of(MECHANISM) : List.of(BOUND_MECHANISM, MECHANISM);
  }

  /** Takes the mechanism chosen and client-first-message, gives server-first-message. */
  public String first(String mechanism, String clientFirst) {
    if (!mechanisms().contains(mechanism)) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism");
    }
    int flagEnd = clientFirst.indexOf(',');
    String flag = flagEnd < 0 ? "" : clientFirst.substring(0, flagEnd);
    requireBinding(mechanism, flag);
    int bare = clientFirst.indexOf(',', flagEnd + 1) + 1;
    if (bare == 0) {
      throw malformed("Attribute \"n\" is missing.");
    }
    gs2Header = clientFirst.substring(0, bare);
    clientFirstBare = clientFirst.substring(bare);
    String clientNonce = attribute(clientFirstBare, 'r');
    serverFirst =
        "r=%s%s,s=%s,i=%d"
            .formatted(
                clientNonce,
                serverNonce,
                Base64.getEncoder().encodeToString(verifier.salt()),
                verifier.iterations());
    return serverFirst;
  }

  private void requireBinding(String mechanism, String flag) {
    if (mechanism.equals(BOUND_MECHANISM)) {
      if (!flag.equals("p=" + BINDING_TYPE)) {
        throw malformed(
            flag.startsWith("p=")
                ? "Unsupported SCRAM channel-binding type."
                : "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include"
                    + " channel binding data.");
      }
      return;
    }
    switch (flag) {
      case "n" -> {}
      case "y" -> {
        if (binding != null) {
          throw new ShardForgeException(
                  ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
                  "SCRAM channel binding negotiation error")
              .withDetail(
                  "The client supports SCRAM channel binding but thinks the server does not."
                      + "  However, this server does support channel binding.");
        }
      }
      default ->
          throw malformed(
              flag.startsWith("p=")
                  ? "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM"
                      + " message includes channel binding data."
                  : "Unexpected channel-binding flag.");
    }
  }

  /** What the client has to say of the binding: its header, and what it is bound to. */
  private String bound() {
    byte[] header = gs2Header.getBytes(StandardCharsets.UTF_8);
    byte[] data = binding;
    if (data == null || !gs2Header.startsWith("p=")) {
      return Base64.getEncoder().encodeToString(header);
    }
    byte[] both = Arrays.copyOf(header, header.length + data.length);
    System.arraycopy(data, 0, both, header.length, data.length);
    return Base64.getEncoder().encodeToString(both);
  }

  /** Takes client-final-message, gives server-final-message, or fails with 28P01. */
  public String last(String clientFinal, String role) {
    int proofAt = clientFinal.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw malformed("Malformed client-final-message.");
    }
    String withoutProof = clientFinal.substring(0, proofAt);
    if (!attribute(withoutProof, 'c').equals(bound())
        || !attribute(withoutProof, 'r').equals(attribute(serverFirst, 'r'))) {
      throw malformed("The client's nonce or channel binding does not match.");
    }
    byte[] proof;
    try {
      proof = Base64.getDecoder().decode(clientFinal.substring(proofAt + 3));
    } catch (IllegalArgumentException e) {
      throw malformed("Malformed client proof.");
    }
    byte[] message =
        (clientFirstBare + "," + serverFirst + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
    byte[] clientSignature = hmac(verifier.storedKey(), message);
    if (proof.length != clientSignature.length) {
      throw malformed("Malformed client proof.");
    }
    byte[] clientKey = new byte[proof.length];
    for (int i = 0; i < proof.length; i++) {
      clientKey[i] = (byte) (proof[i] ^ clientSignature[i]);
    }
    if (!MessageDigest.isEqual(sha256(clientKey), verifier.storedKey()) || !genuine) {
      throw wrongPassword(role);
    }
    return "v=" + Base64.getEncoder().encodeToString(hmac(verifier.serverKey(), message));
  }

  static ShardForgeException wrongPassword(String role) {
    return new ShardForgeException(
        ErrorCode.INVALID_PASSWORD, "password authentication failed for user \"" + role + "\"");
  }

  private static String attribute(String message, char name) {
    for (String part : message.split(",", -1)) {
      if (part.length() > 2 && part.charAt(0) == name && part.charAt(1) == '=') {
        return part.substring(2);
      }
    }
    throw malformed("Attribute \"" + name + "\" is missing.");
  }

  private static ShardForgeException malformed(String detail) {
    return new ShardForgeException(ErrorCode.PROTOCOL_VIOLATION, "malformed SCRAM message")
        .withDetail(detail);
  }

  static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "HmacSHA256 is not available", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "SHA-256 is not available", e);
    }
  }
}
