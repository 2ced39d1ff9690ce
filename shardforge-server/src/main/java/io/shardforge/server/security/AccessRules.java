package io.shardforge.server.security;

import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.AccessRule.Method;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Who may log in, from where, and how they prove who they are: the first rule that covers a login
 * decides; one that no rule covers is refused. Immutable.
 *
 * @param rules in their order
 * @param faults lines of their file that are no rules
 */
public record AccessRules(List<AccessRule> rules, List<Fault> faults) {
  /** A line that is no rule, and why. */
  public record Fault(int line, String message) {}

  public AccessRules {
    rules = List.copyOf(rules);
    faults = List.copyOf(faults);
  }

  /** Everybody may, without a password. */
  public static AccessRules trust() {
    return new AccessRules(List.of(AccessRule.forAll(Method.TRUST)), List.of());
  }

  /** Everybody who knows a password may. */
  public static AccessRules passwords() {
    return new AccessRules(List.of(AccessRule.forAll(Method.SCRAM)), List.of());
  }

  /**
   * The rule that decides about a login.
   *
   * @param memberOf whether a user is a member of a role, directly or through others
   */
  public Optional<AccessRule> find(Login login, BiPredicate<String, String> memberOf) {
    return rules.stream().filter(rule -> rule.covers(login, memberOf)).findFirst();
  }
}
