package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor.Membership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A role descriptor under construction or change. For one statement. */
final class RoleDraft {
  private final int id;
  private final long version;
  String name;
  boolean superuser;
  boolean inherit = true;
  boolean createRole;
  boolean createDatabase;
  boolean login;
  boolean replication;
  boolean bypassRowSecurity;
  int connectionLimit = RoleDescriptor.UNLIMITED;
  @Nullable String verifier;
  @Nullable Long validUntil;
  private final List<Membership> memberOf;

  RoleDraft(int id, String name) {
    this.id = id;
    this.version = 1;
    this.name = name;
    this.memberOf = List.of();
  }

  RoleDraft(RoleDescriptor role) {
    id = role.id();
    version = role.version() + 1;
    name = role.name();
    superuser = role.superuser();
    inherit = role.inherit();
    createRole = role.createRole();
    createDatabase = role.createDatabase();
    login = role.login();
    replication = role.replication();
    bypassRowSecurity = role.bypassRowSecurity();
    connectionLimit = role.connectionLimit();
    verifier = role.verifier();
    validUntil = role.validUntil();
    memberOf = role.memberOf();
  }

  RoleDescriptor build() {
    return new RoleDescriptor(
        id,
        version,
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
        memberOf);
  }
}
