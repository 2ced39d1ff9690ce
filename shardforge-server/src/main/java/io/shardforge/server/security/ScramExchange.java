package io.shardforge.server.security;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's side of one SCRAM-SHA-256 exchange (RFC 5802), without channel binding. A role that
 * does not exist or has no password goes through the whole exchange with a made-up verifier, so
 * that the answer does not tell which.
 */
public final class ScramExchange {
  /** The one mechanism that is offered. */
  public static final String MECHANISM = "SCRAM-SHA-256";

  private final ScramVerifier verifier;
  private final boolean genuine;
  private final String serverNonce;
  private String clientFirstBare = "";
  private String serverFirst = "";
  private String gs2Header = "";

  ScramExchange(ScramVerifier verifier, boolean genuine, String serverNonce) {
    this.verifier = verifier;
    this.genuine = genuine;
    this.serverNonce = serverNonce;
  }

  /** Takes client-first-message, gives server-first-message. */
  public String first(String clientFirst) {
    int bare =
        clientFirst.startsWith("n,") || clientFirst.startsWith("y,")
            ? clientFirst.indexOf(',', 2) + 1
            : 0;
    if (bare == 0) {
      throw malformed("The client selected channel binding, which this server does not offer.");
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

  /** Takes client-final-message, gives server-final-message, or fails with 28P01. */
  public String last(String clientFinal, String role) {
    int proofAt = clientFinal.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw malformed("Malformed client-final-message.");
    }
    String withoutProof = clientFinal.substring(0, proofAt);
    String binding = Base64.getEncoder().encodeToString(gs2Header.getBytes(StandardCharsets.UTF_8));
    if (!attribute(withoutProof, 'c').equals(binding)
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
      throw new ShardForgeException(
          ErrorCode.INVALID_PASSWORD, "password authentication failed for user \"" + role + "\"");
    }
    return "v=" + Base64.getEncoder().encodeToString(hmac(verifier.serverKey(), message));
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

  private static byte[] hmac(byte[] key, byte[] message) {
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
