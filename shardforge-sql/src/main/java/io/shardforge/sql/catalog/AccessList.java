package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The grants of one object while they are changed, as PostgreSQL changes them: one for each pair of
 * a grantee and who granted it, and none that rests on an option that its grantor has lost.
 */
public final class AccessList {
  private final int ownerId;
  private final List<Grant> grants;

  /** A list that begins as it is. */
  public AccessList(int ownerId, List<Grant> grants) {
    this.ownerId = ownerId;
    this.grants = new ArrayList<>(grants);
  }

  public List<Grant> grants() {
    return List.copyOf(grants);
  }

  /** Those of the privileges that a role, by itself, may grant to others. */
  public Set<Privilege> grantable(int roleId, Set<Privilege> privileges) {
    Set<Privilege> found = EnumSet.noneOf(Privilege.class);
    if (roleId == ownerId) {
      found.addAll(privileges);
      return found;
    }
    for (Grant grant : grants) {
      if (grant.granteeId() == roleId) {
        found.addAll(grant.grantOptions());
      }
    }
    found.retainAll(privileges);
    return found;
  }

  /** Whether something was granted to one of these roles, or to all. */
  public boolean isKnown(Set<Integer> roles) {
    return grants.stream()
        .anyMatch(grant ->
            grant.granteeId() == GrantsDescriptor.PUBLIC || roles.contains(grant.granteeId()));
  }

  /** GRANT. */
  public void grant(int granteeId, int grantorId, Set<Privilege> privileges, boolean withOption) {
    if (withOption) {
      requireNoCircle(granteeId, grantorId, privileges);
    }
    Grant old = find(granteeId, grantorId);
    Set<Privilege> held = union(old.privileges(), privileges);
    Set<Privilege> options =
        withOption ? union(old.grantOptions(), privileges) : old.grantOptions();
    replace(new Grant(granteeId, grantorId, held, options));
  }

  /**
   * REVOKE.
   *
   * @param optionOnly whether the privileges themselves stay
   * @param cascade whether what others got from the grantee goes too, rather than being an error
   */
  public void revoke(
      int granteeId,
      int grantorId,
      Set<Privilege> privileges,
      boolean optionOnly,
      boolean cascade) {
    Grant old = find(granteeId, grantorId);
    Set<Privilege> held = optionOnly ? old.privileges() : difference(old.privileges(), privileges);
    replace(new Grant(granteeId, grantorId, held, difference(old.grantOptions(), privileges)));
    Set<Privilege> lost = difference(privileges, grantable(granteeId, privileges));
    lost.retainAll(old.grantOptions());
    for (Grant resting : List.copyOf(grants)) {
      Set<Privilege> without = EnumSet.noneOf(Privilege.class);
      without.addAll(resting.privileges());
      without.retainAll(lost);
      if (resting.grantorId() == granteeId && granteeId != ownerId && !without.isEmpty()) {
        if (!cascade) {
          throw new ShardForgeException(
                  ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST, "dependent privileges exist")
              .withHint("Use CASCADE to revoke them too.");
        }
        revoke(resting.granteeId(), granteeId, without, false, true);
      }
    }
  }

  /** Whoever got an option from somebody may not give it back. */
  private void requireNoCircle(int granteeId, int grantorId, Set<Privilege> privileges) {
    if (grantorId == ownerId) {
      return;
    }
    AccessList without = new AccessList(ownerId, grants);
    for (Grant grant : grants) {
      if (grant.granteeId() == granteeId) {
        without.revoke(granteeId, grant.grantorId(), privileges, true, true);
      }
    }
    if (!without.grantable(grantorId, privileges).containsAll(privileges)) {
      throw new ShardForgeException(
          ErrorCode.INVALID_GRANT_OPERATION,
          "grant options cannot be granted back to your own grantor");
    }
  }

  /** The same with one owner in the other's place, as grantee and as grantor. */
  public static List<Grant> withOwner(List<Grant> grants, int oldOwner, int newOwner) {
    AccessList changed = new AccessList(newOwner, List.of());
    for (Grant grant : grants) {
      int grantee = grant.granteeId() == oldOwner ? newOwner : grant.granteeId();
      int grantor = grant.grantorId() == oldOwner ? newOwner : grant.grantorId();
      Grant known = changed.find(grantee, grantor);
      changed.replace(
          new Grant(
              grantee,
              grantor,
              union(known.privileges(), grant.privileges()),
              union(known.grantOptions(), grant.grantOptions())));
    }
    return changed.grants();
  }

  /** The same in the order in which PostgreSQL compares them. */
  public static List<Grant> sorted(List<Grant> grants) {
    return grants.stream()
        .sorted(Comparator.comparingInt(Grant::granteeId).thenComparingInt(Grant::grantorId))
        .toList();
  }

  private Grant find(int granteeId, int grantorId) {
    for (Grant grant : grants) {
      if (grant.granteeId() == granteeId && grant.grantorId() == grantorId) {
        return grant;
      }
    }
    return new Grant(granteeId, grantorId, Set.of(), Set.of());
  }

  private void replace(Grant changed) {
    for (int i = 0; i < grants.size(); i++) {
      Grant known = grants.get(i);
      if (known.granteeId() == changed.granteeId() && known.grantorId() == changed.grantorId()) {
        if (changed.privileges().isEmpty()) {
          grants.remove(i);
        } else {
          grants.set(i, changed);
        }
        return;
      }
    }
    if (!changed.privileges().isEmpty()) {
      grants.add(changed);
    }
  }

  private static Set<Privilege> union(Set<Privilege> one, Set<Privilege> other) {
    Set<Privilege> all = EnumSet.noneOf(Privilege.class);
    all.addAll(one);
    all.addAll(other);
    return all;
  }

  private static Set<Privilege> difference(Set<Privilege> from, Set<Privilege> taken) {
    Set<Privilege> rest = EnumSet.noneOf(Privilege.class);
    rest.addAll(from);
    rest.removeAll(taken);
    return rest;
  }
}
