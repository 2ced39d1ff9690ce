package io.shardforge.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.AccessRule.Method;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule decides about a login, and what is no rule. */
final class AccessRulesTest {
  private static boolean isMember(String user, String role) {
    return user.equals(role) || (user.equals("ann") && role.equals("staff"));
  }

  private static AccessRules parse(String... lines) {
    return AccessRuleParser.parse(List.of(lines));
  }

  private static Login login(String user, String database, String address, boolean encrypted)
      throws UnknownHostException {
    return new Login(user, database, InetAddress.getByName(address), encrypted);
  }

  @ParameterizedTest
  @CsvSource({
    "joe, app, 127.0.0.1, true, 2",
    "joe, app, 127.0.0.1, false, 8",
    "joe, joe, 10.1.2.3, false, 3",
    "ann, other, 10.1.2.3, false, 4",
    "ann, staff, 192.168.7.1, false, 5",
    "all, app, 192.168.7.1, false, 6",
    "joe, app, 192.168.7.255, false, 7",
    "joe, app, 192.168.6.255, false, 8",
    "joe, app, ::1, false, 9",
    "joe, app, ::ffff:192.168.7.1, false, 7",
    "joe, app, fe80::1, true, 0"
  })
  void theFirstRuleThatCoversALoginDecides(
      String user, String database, String address, boolean encrypted, int line) throws Exception {
    AccessRules rules =
        parse(
            "local all all trust",
            "hostssl all joe 127.0.0.1/32 cert # who has a certificate",
            "host sameuser all 10.0.0.0/8 trust",
            "host app,other  bob, +staff 10.0.0.0 255.0.0.0 scram-sha-256",
            "host samerole all all md5",
            "host app \"all\" 0.0.0.0/0 password",
            "host app joe 192.168.7.0/24 reject",
            "host all all 0.0.0.0/0 scram-sha-256",
            "host all all ::1/128 trust");
    assertThat(rules.faults()).isEmpty();
    assertThat(
            rules
                .find(login(user, database, address, encrypted), AccessRulesTest::isMember)
                .map(AccessRule::line))
        .isEqualTo(line == 0 ? Optional.empty() : Optional.of(line));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hots all all all trust|invalid connection type \"hots\"",
        "host all|end-of-line before role specification",
        "host all all|end-of-line before IP address specification",
        "host all all 10.0.0.0|end-of-line before netmask specification",
        "host all all 10.0.0.0/33 trust|invalid address \"10.0.0.0/33\"",
        "host all all 10.0.0.0 255.0.255.0 trust"
            + "|invalid address \"10.0.0.0\" or IP mask \"255.0.255.0\"",
        "host all all example.org trust|host names (\"example.org\") are not supported",
        "host all all all ldap|authentication method \"ldap\" is not supported",
        "host all all all secret|invalid authentication method \"secret\"",
        "host all all all cert|cert authentication is only supported on hostssl connections",
        "host all all all trust map=x|authentication option \"map\" is not supported",
        "host all /^a all trust|a regular expression as role (\"/^a\") is not supported",
        "host all @names all trust|names from a file (\"@names\") are not supported",
        "host all all,bob a,b trust|multiple values specified for host address",
        "host \"all all all trust|unterminated quoted string"
      })
  void whatIsNoRuleSaysWhy(String line, String why) {
    assertThat(parse("# a comment", "", line).faults())
        .containsExactly(new AccessRules.Fault(3, why));
  }

  @Test
  void aLineGoesOnAfterABackslash() {
    AccessRules rules = parse("host all \\", "  all all \\", "trust", "host all all all reject");
    assertThat(rules.rules().stream().map(AccessRule::line)).containsExactly(1, 4);
    assertThat(rules.rules().getFirst().method()).isEqualTo(Method.TRUST);
  }

  @Test
  void thisMachinesOwnAddressIsAsSameHost() throws Exception {
    AccessRules rules = parse("host all all samehost trust", "host all all all reject");
    assertThat(
            rules
                .find(login("joe", "app", "127.0.0.1", false), AccessRulesTest::isMember)
                .orElseThrow()
                .line())
        .isEqualTo(1);
    assertThat(
            rules
                .find(login("joe", "app", "203.0.113.9", false), AccessRulesTest::isMember)
                .orElseThrow()
                .line())
        .isEqualTo(2);
  }
}
