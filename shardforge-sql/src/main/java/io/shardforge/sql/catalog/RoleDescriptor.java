package io.shardforge.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role: a user if it may log in, a group if others are its members.
 *
 * @param verifier the SCRAM-SHA-256 verifier of its password, or null if it has none
 * @param validUntil microseconds since 2000-01-01 UTC after which the password is refused, or null
 * @param memberOf the roles that it is a member of
 */
public record RoleDescriptor(
    int id,
    long version,
    String name,
    boolean superuser,
    boolean inherit,
    boolean createRole,
    boolean createDatabase,
    boolean login,
    boolean replication,
    boolean bypassRowSecurity,
    int connectionLimit,
    @Nullable String verifier,
    @Nullable Long validUntil,
    List<Membership> memberOf)
    implements CatalogObject {
  /** The connection limit that means none. */
  public static final int UNLIMITED = -1;

  /** One GRANT of a role to another. */
  public record Membership(int roleId, boolean admin, int grantorId) {}

  public RoleDescriptor {
    memberOf = List.copyOf(memberOf);
  }

  /** The same role as a member of other roles. */
  public RoleDescriptor withMemberOf(List<Membership> roles) {
    return new RoleDescriptor(
        id,
        version + 1,
        name,
        superuser,
        inherit,
        createRole,
        createDatabase,
        login,
        replication,
        bypassRowSecurity,
        connectionLimit,
        verifier,
        validUntil,
        roles);
  }
}
