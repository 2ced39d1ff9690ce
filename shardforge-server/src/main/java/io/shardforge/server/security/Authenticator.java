package io.shardforge.server.security;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Decides how a connection proves who it is: trust in insecure mode, else SCRAM-SHA-256. */
public final class Authenticator {
  /** Iterations of the verifier that is made up for unknown roles: what our own verifiers have. */
  private static final int ITERATIONS = 4096;

  private final boolean trust;
  private final SecureRandom random;
  private final byte[] mockKey = new byte[32];

  public Authenticator(boolean trust, SecureRandom random) {
    this.trust = trust;
    this.random = random;
    random.nextBytes(mockKey);
  }

  /** True when no client need give a password. */
  public boolean trustsAll() {
    return trust;
  }

  /**
   * Starts an exchange against a role's stored verifier; null when there is no such role or
   * password.
   */
  public ScramExchange begin(String role, @Nullable String verifier) {
    byte[] nonce = new byte[18];
    random.nextBytes(nonce);
    String serverNonce = Base64.getEncoder().encodeToString(nonce);
    ScramVerifier stored = verifier == null ? null : ScramVerifier.parse(verifier).orElse(null);
    return stored != null
        ? new ScramExchange(stored, true, serverNonce)
        : new ScramExchange(mock(role), false, serverNonce);
  }

  /** The same salt for the same role each time, as a real role would show. */
  private ScramVerifier mock(String role) {
    byte[] name = role.getBytes(StandardCharsets.UTF_8);
    byte[] salt = new byte[16];
    for (int i = 0; i < salt.length; i++) {
      salt[i] = mockKey[i];
    }
    for (int i = 0; i < name.length; i++) {
      salt[i % salt.length] = (byte) (salt[i % salt.length] * 31 + name[i]);
    }
    return new ScramVerifier(ITERATIONS, salt, mockKey, mockKey);
  }
}
