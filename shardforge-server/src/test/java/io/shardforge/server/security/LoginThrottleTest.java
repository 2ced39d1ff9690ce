package io.shardforge.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.server.TestServer;
import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.storage.clock.ManualClock;
import io.shardforge.storage.error.ShardForgeException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "192.0.2.2";

  private final ManualClock clock = new ManualClock(0);
  private final LoginThrottle throttle = new LoginThrottle(clock);

  private static Login login(String user, String address) {
    try {
      return new Login(user, "db", InetAddress.getByName(address), true);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void fail(String user, String address, int times) {
    for (int i = 0; i < times; i++) {
      throttle.admit(login(user, address));
    }
  }

  private void assertRefused(String user, String address) {
    assertThatThrownBy(() -> throttle.admit(login(user, address)))
        .isInstanceOf(ShardForgeException.class)
        .hasMessage("too many failed logins");
  }

  private void assertAdmitted(String user, String address) {
    throttle.admit(login(user, address)).takeBack();
  }

  @Test
  void waitsLongerAfterEachFailure() {
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE + 1);
    for (Duration wait = LoginThrottle.WAIT_MIN;
        wait.compareTo(LoginThrottle.WAIT_MAX) < 0;
        wait = wait.multipliedBy(2)) {
      assertRefused("ann", HERE);
      clock.advance(wait.minusNanos(1));
      assertRefused("ann", HERE);
      clock.advance(Duration.ofNanos(1));
      fail("ann", HERE, 1);
    }
    clock.advance(LoginThrottle.WAIT_MAX);
    fail("ann", HERE, 1);
    clock.advance(LoginThrottle.WAIT_MAX.minusNanos(1));
    assertRefused("ann", HERE);
  }

  @Test
  void aBruteForceGetsFewGuesses() {
    int guesses = 0;
    for (int second = 0; second < 3_600; second++) {
      for (int i = 0; i < 10; i++) {
        try {
          throttle.admit(login("ann", HERE));
          guesses++;
        } catch (ShardForgeException _) {
          // Not listened to.
        }
      }
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(guesses).isBetween(60, 75);
  }

  @Test
  void manyRolesFromOneAddressAreNoWayAround() {
    for (int i = 0; i <= LoginThrottle.FREE_OF_ADDRESS; i++) {
      throttle.admit(login("user" + i, HERE));
    }
    assertRefused("another", HERE);
    assertAdmitted("another", THERE);
  }

  @Test
  void nobodyElseIsLockedOut() {
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE + 1);
    assertRefused("ann", HERE);
    assertAdmitted("ann", THERE);
    assertAdmitted("bob", HERE);
  }

  @Test
  void theRightPasswordForgetsTheWrongOnes() {
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE - 1);
    throttle.admit(login("ann", HERE)).succeeded();
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE);
    assertAdmitted("ann", HERE);
  }

  @Test
  void timeForgetsThemToo() {
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE + 1);
    clock.advance(LoginThrottle.FORGET_AFTER.plusNanos(1));
    fail("ann", HERE, LoginThrottle.FREE_OF_ROLE);
    assertAdmitted("ann", HERE);
  }

  @Test
  void whoOnlyLooksIsNotCounted() {
    for (int i = 0; i < 1_000; i++) {
      throttle.admit(login("ann", HERE)).takeBack();
    }
    assertAdmitted("ann", HERE);
  }

  @Test
  void aNetworkOfVersionSixCountsAsOneAddress() {
    for (int i = 0; i <= LoginThrottle.FREE_OF_ROLE; i++) {
      throttle.admit(login("ann", "2001:db8::" + Integer.toHexString(i + 1)));
    }
    assertRefused("ann", "2001:db8::ffff");
    assertAdmitted("ann", "2001:db8:0:1::1");
  }

  @Test
  void remembersABoundedNumber() {
    for (int i = 0; i < LoginThrottle.ENTRIES_MAX; i++) {
      throttle.admit(login("u", "10.%d.%d.%d".formatted(i >> 16, (i >> 8) & 255, i & 255)));
    }
    assertThat(throttle.remembered()).isEqualTo(LoginThrottle.ENTRIES_MAX);
  }

  @Test
  void aServerStopsListeningToWhoGuesses() throws SQLException {
    try (TestServer server = TestServer.start(false, 10)) {
      server.run("CREATE ROLE ann LOGIN PASSWORD 'right'");
      for (int i = 0; i <= LoginThrottle.FREE_OF_ROLE; i++) {
        String guess = "guess" + i;
        assertThatThrownBy(() -> server.connect("user", "ann", "password", guess))
            .hasMessageContaining("password authentication failed");
      }
      assertThatThrownBy(() -> server.connect("user", "ann", "password", "right"))
          .hasMessageContaining("too many failed logins");
      assertThat(server.query("SELECT 1")).isEqualTo(List.of("1"));
    }
  }

  @Test
  void passwordsAreHeldToThePolicy() throws SQLException {
    try (TestServer server = TestServer.start()) {
      server.run(
          "CREATE ROLE before LOGIN PASSWORD 'x'",
          "ALTER SYSTEM SET shardforge.password_min_length = 12");
      assertThatThrownBy(() -> server.run("CREATE ROLE carl LOGIN PASSWORD 'short'"))
          .hasMessageContaining("password is too short")
          .extracting(e -> ((SQLException) e).getSQLState())
          .isEqualTo("22023");
      assertThatThrownBy(() -> server.run("CREATE ROLE carl LOGIN PASSWORD 'a Carl of a kind'"))
          .hasMessageContaining("password must not contain user name");
      assertThatThrownBy(() -> server.run("ALTER ROLE before PASSWORD 'y'"))
          .hasMessageContaining("password is too short");
      server.run(
          "CREATE ROLE carl LOGIN PASSWORD 'long enough to pass'",
          "ALTER ROLE carl PASSWORD NULL",
          "ALTER SYSTEM RESET shardforge.password_min_length",
          "ALTER ROLE carl PASSWORD 'z'");
    }
  }
}
