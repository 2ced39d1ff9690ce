package io.shardforge.server.security;

import io.shardforge.server.security.AccessRule.ClientCertificate;
import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.AccessRule.Method;
import io.shardforge.sql.ddl.ScramSecret;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides how a connection proves who it is: the access rules say so. Any thread. */
public final class Authenticator {
  /** Iterations of the verifier that is made up for unknown roles: what our own verifiers have. */
  private static final int ITERATIONS = 4096;

  private final Supplier<AccessRules> rules;
  private final LoginThrottle throttle;
  private final SecureRandom random;
  private final byte[] mockKey = new byte[32];
  private volatile Supplier<@Nullable String> secret = () -> null;

  /**
   * @param rules those in use now
   */
  public Authenticator(Supplier<AccessRules> rules, LoginThrottle throttle, SecureRandom random) {
    this.rules = rules;
    this.throttle = throttle;
    this.random = random;
    random.nextBytes(mockKey);
  }

  /**
   * What the salts of roles that do not exist are made of from now on, if there is one: a secret
   * that all nodes share and keep, as all nodes show the same salt of a role that exists.
   */
  public void pretendWith(Supplier<@Nullable String> sharedSecret) {
    secret = sharedSecret;
  }

  /**
   * Runs what shows whether a password is right, unless too many were wrong lately; only wrong ones
   * count.
   */
  public void throttled(Login login, Runnable proof) {
    LoginThrottle.Attempt attempt = throttle.admit(login);
    boolean judged = false;
    try {
      proof.run();
      judged = true;
      attempt.succeeded();
    } catch (ShardForgeException e) {
      judged = e.code() == ErrorCode.INVALID_PASSWORD;
      throw e;
    } finally {
      if (!judged) {
        attempt.takeBack();
      }
    }
  }

  /**
   * The rule for a login; 28000 if there is none, or one that rejects it.
   *
   * @param memberOf whether a user is a member of a role, directly or through others
   */
  public AccessRule rule(Login login, BiPredicate<String, String> memberOf) {
    AccessRule rule =
        rules
            .get()
            .find(login, memberOf)
            .orElseThrow(() -> refused("no pg_hba.conf entry for", login));
    if (rule.method() == Method.REJECT) {
      throw refused("pg_hba.conf rejects connection for", login);
    }
    return rule;
  }

  /**
   * Fails with 28000 unless a client has shown the certificate that its rule wants.
   *
   * @param tls null for a connection without TLS
   */
  public void requireCertificate(AccessRule rule, String user, @Nullable TlsPeer tls) {
    if (rule.certificate() == ClientCertificate.NOT_NEEDED) {
      return;
    }
    if (tls == null || tls.certificate() == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "connection requires a valid client certificate");
    }
    if (rule.certificate() == ClientCertificate.OF_USER && !user.equals(tls.commonName())) {
      throw new ShardForgeException(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "certificate authentication failed for user \"%s\"".formatted(user));
    }
  }

  private static ShardForgeException refused(String what, Login login) {
    return new ShardForgeException(
        ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
        "%s host \"%s\", user \"%s\", database \"%s\", %s"
            .formatted(
                what,
                login.remote().getHostAddress(),
                login.user(),
                login.database(),
                login.encrypted() ? "SSL encryption" : "no encryption"));
  }

  /**
   * Starts an exchange against a role's stored verifier.
   *
   * @param verifier null when there is no such role or password
   * @param binding what the exchange can be bound to, or null
   */
  public ScramExchange begin(String role, @Nullable String verifier, byte @Nullable [] binding) {
    byte[] nonce = new byte[18];
    random.nextBytes(nonce);
    String serverNonce = Base64.getEncoder().encodeToString(nonce);
    ScramVerifier stored = verifier == null ? null : ScramVerifier.parse(verifier).orElse(null);
    return stored != null
        ? new ScramExchange(stored, true, serverNonce, binding)
        : new ScramExchange(mock(role), false, serverNonce, binding);
  }

  /** Fails with 28P01 unless a password is the one that a verifier was made of. */
  public void requirePassword(String role, @Nullable String verifier, String password) {
    ScramVerifier stored = verifier == null ? null : ScramVerifier.parse(verifier).orElse(null);
    boolean right = (stored == null ? mock(role) : stored).isOf(password);
    if (!right || stored == null) {
      throw ScramExchange.wrongPassword(role);
    }
  }

  /** The same salt for the same role each time, as a real role would show. */
  private ScramVerifier mock(String role) {
    String shared = secret.get();
    byte[] key = shared == null ? mockKey : shared.getBytes(StandardCharsets.UTF_8);
    byte[] salt =
        Arrays.copyOf(
            ScramExchange.hmac(key, role.getBytes(StandardCharsets.UTF_8)), ScramSecret.SALT_BYTES);
    return new ScramVerifier(ITERATIONS, salt, mockKey, mockKey);
  }
}
