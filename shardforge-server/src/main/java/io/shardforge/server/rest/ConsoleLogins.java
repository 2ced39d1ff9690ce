package io.shardforge.server.rest;

import io.shardforge.storage.clock.Clock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in to the console of this node, by the token in the browser's cookie. A login ends
 * when its user leaves, when nothing is asked for {@link #IDLE_MAX}, after {@link #AGE_MAX} at the
 * latest, and when the role's password changes. Any thread.
 */
final class ConsoleLogins {
  /** Logins kept; of more the one that has been silent longest ends. */
  static final int LOGINS_MAX = 200;

  static final Duration IDLE_MAX = Duration.ofMinutes(30);
  static final Duration AGE_MAX = Duration.ofHours(12);

  private static final int TOKEN_BYTES = 32;

  private final Clock clock;
  private final SecureRandom random;
  private final Map<String, Login> logins = new ConcurrentHashMap<>();

  /** One login. */
  static final class Login {
    private final String user;
    private final @Nullable String verifier;
    private final long sinceNanos;
    private volatile long lastNanos;

    private Login(String user, @Nullable String verifier, long sinceNanos) {
      this.user = user;
      this.verifier = verifier;
      this.sinceNanos = sinceNanos;
      this.lastNanos = sinceNanos;
    }

    String user() {
      return user;
    }

    /** Whether the role's password is still what it was at the login. */
    boolean isOf(@Nullable String currentVerifier) {
      return Objects.equals(verifier, currentVerifier);
    }
  }

  ConsoleLogins(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Keeps a login; returns its token.
   *
   * @param verifier what the password was checked against
   */
  String add(String user, @Nullable String verifier) {
    long now = clock.monotonicNanos();
    logins.values().removeIf(login -> hasEnded(login, now));
    while (logins.size() >= LOGINS_MAX) {
      logins.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().lastNanos - now))
          .ifPresent(entry -> logins.remove(entry.getKey()));
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    logins.put(token, new Login(user, verifier, now));
    return token;
  }

  /** The login of a token, which counts as used now; null if there is none, or none any more. */
  @Nullable Login find(@Nullable String token) {
    Login login = token == null ? null : logins.get(token);
    if (login == null) {
      return null;
    }
    long now = clock.monotonicNanos();
    if (hasEnded(login, now)) {
      logins.remove(token);
      return null;
    }
    login.lastNanos = now;
    return login;
  }

  void remove(@Nullable String token) {
    if (token != null) {
      logins.remove(token);
    }
  }

  private static boolean hasEnded(Login login, long now) {
    return now - login.lastNanos > IDLE_MAX.toNanos() || now - login.sinceNanos > AGE_MAX.toNanos();
  }
}
