package io.shardforge.server.security;

import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.sql.session.LogChannel;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The brake on guessing passwords: after some wrong ones nobody is listened to for a time that
 * grows with each further one.
 *
 * <pre>
 *  counted for           free   then
 *  role and address        5    1 s, 2 s, 4 s … 1 min     a right password forgets them
 *  address               100    the same
 * </pre>
 *
 * An attempt counts as a wrong one while it is under way, so that many at once are no way around.
 * Others' failures never lock a role out: it is listened to from other addresses. What has been
 * quiet for a while is forgotten, and so is the longest quiet where there is too much to remember.
 * Any thread.
 */
public final class LoginThrottle {
  /** Wrong passwords of a role from one address that cost nothing. */
  static final int FREE_OF_ROLE = 5;

  /** Wrong passwords of all roles from one address that cost nothing. */
  static final int FREE_OF_ADDRESS = 100;

  /** Roles and addresses remembered at once. */
  static final int ENTRIES_MAX = 20_000;

  static final Duration WAIT_MIN = Duration.ofSeconds(1);
  static final Duration WAIT_MAX = Duration.ofMinutes(1);

  /** Failures are forgotten when there was none for so long. */
  static final Duration FORGET_AFTER = Duration.ofMinutes(15);

  /** Of an address of version 6, of which a client has as many as it likes. */
  private static final int NETWORK_BYTES = 8;

  /** What of a name is remembered: no role has a longer one. */
  private static final int NAME_MAX = 63;

  private final Clock clock;
  private final Map<String, Failures> entries =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > ENTRIES_MAX;
        }
      };

  private static final class Failures {
    private final int free;
    private int count;
    private long lastNanos;

    Failures(int free) {
      this.free = free;
    }

    /** How long nobody is listened to after the last one. */
    long waitNanos() {
      if (count <= free) {
        return 0;
      }
      int doublings = Math.min(count - free - 1, 16);
      return Math.min(WAIT_MIN.toNanos() << doublings, WAIT_MAX.toNanos());
    }
  }

  public LoginThrottle(Clock clock) {
    this.clock = clock;
  }

  /** Lets somebody try a password, or fails with 28000; what comes of it is to be told. */
  public Attempt admit(Login login) {
    String address = addressOf(login.remote());
    String user = login.user();
    String role = address + ' ' + user.substring(0, Math.min(user.length(), NAME_MAX));
    synchronized (this) {
      long now = clock.monotonicNanos();
      Failures ofAddress = find(address, FREE_OF_ADDRESS, now);
      Failures ofRole = find(role, FREE_OF_ROLE, now);
      for (Failures failures : List.of(ofAddress, ofRole)) {
        long left = failures.waitNanos() - (now - failures.lastNanos);
        if (failures.waitNanos() > 0 && left > 0) {
          throw refused(left);
        }
      }
      for (Failures failures : List.of(ofAddress, ofRole)) {
        failures.count++;
        failures.lastNanos = now;
        if (failures.count == failures.free + 1) {
          tell(login, failures);
        }
      }
      return new Attempt(address, role);
    }
  }

  private Failures find(String key, int free, long now) {
    Failures known = entries.get(key);
    if (known == null || now - known.lastNanos > FORGET_AFTER.toNanos()) {
      known = new Failures(free);
      known.lastNanos = now;
      entries.put(key, known);
    }
    return known;
  }

  private static void tell(Login login, Failures failures) {
    LogChannel.SECURITY
        .logger()
        .atWarn()
        .addKeyValue("event.action", "login-throttled")
        .addKeyValue("source.ip", login.remote().getHostAddress())
        .addKeyValue("user.name", login.user())
        .addKeyValue("failures", failures.free)
        .log("too many wrong passwords: logins are delayed");
  }

  private static ShardForgeException refused(long leftNanos) {
    long seconds = Math.max(1, Duration.ofNanos(leftNanos).plusMillis(999).toSeconds());
    return new ShardForgeException(
            ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION, "too many failed logins")
        .withHint("Try again in %d s.".formatted(seconds));
  }

  private static String addressOf(InetAddress address) {
    byte[] bytes = address.getAddress();
    return HexFormat.of()
        .formatHex(bytes.length <= 4 ? bytes : Arrays.copyOf(bytes, NETWORK_BYTES));
  }

  /** A password that is being tried. */
  public final class Attempt {
    private final String address;
    private final String role;

    private Attempt(String address, String role) {
      this.address = address;
      this.role = role;
    }

    /** It was the right one. */
    public void succeeded() {
      takeBack();
      synchronized (LoginThrottle.this) {
        entries.remove(role);
      }
    }

    /** None was given, or it could not be judged. */
    public void takeBack() {
      synchronized (LoginThrottle.this) {
        for (String key : List.of(address, role)) {
          Failures failures = entries.get(key);
          if (failures != null && failures.count > 0) {
            failures.count--;
          }
        }
      }
    }
  }

  synchronized int remembered() {
    return entries.size();
  }
}
