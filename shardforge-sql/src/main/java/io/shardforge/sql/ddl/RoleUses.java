package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.DefaultPrivilegesDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import java.util.ArrayList;
import java.util.List;

/** What in one database belongs to a role or was granted to it. */
final class RoleUses {
  private final CatalogSnapshot snapshot;
  private final int roleId;
  private final List<String> uses = new ArrayList<>();

  RoleUses(CatalogSnapshot snapshot, int roleId) {
    this.snapshot = snapshot;
    this.roleId = roleId;
  }

  List<String> describe() {
    for (SchemaDescriptor s : snapshot.schemas()) {
      check(s.id(), s.ownerId(), "schema " + s.name());
    }
    for (TableDescriptor t : snapshot.tables()) {
      check(t.id(), t.ownerId(), "table " + t.name());
    }
    for (SequenceDescriptor s : snapshot.sequences()) {
      check(s.id(), s.ownerId(), "sequence " + s.name());
    }
    for (ViewDescriptor v : snapshot.views()) {
      check(v.id(), v.ownerId(), "view " + v.name());
    }
    for (TypeDescriptor t : snapshot.typeDescriptors()) {
      check(t.id(), t.ownerId(), "type " + t.name());
    }
    for (CollationDescriptor c : snapshot.collations()) {
      check(c.id(), c.ownerId(), "collation " + c.name());
    }
    for (DefaultPrivilegesDescriptor d : snapshot.defaultPrivileges()) {
      for (DefaultPrivilegesDescriptor.Entry entry : d.entries()) {
        check(d, entry);
      }
    }
    return uses;
  }

  private void check(DefaultPrivilegesDescriptor d, DefaultPrivilegesDescriptor.Entry entry) {
    boolean granted = RoleStatements.isAbout(entry.grants(), roleId);
    RoleDescriptor owner = snapshot.role(d.id());
    SchemaDescriptor schema = snapshot.schema(d.schemaId());
    if (d.id() == roleId || granted) {
      uses.add(
          (d.id() == roleId ? "owner of" : "privileges for")
              + " default privileges on new "
              + switch (entry.kind()) {
                case 'r' -> "relations";
                case 'S' -> "sequences";
                case 'T' -> "types";
                default -> "schemas";
              }
              + " belonging to role "
              + (owner == null ? "" : owner.name())
              + (schema == null ? "" : " in schema " + schema.name()));
    }
  }

  private void check(int objectId, int ownerId, String name) {
    if (ownerId == roleId) {
      uses.add("owner of " + name);
    } else if (RoleStatements.isGrantee(snapshot, objectId, roleId)) {
      uses.add("privileges for " + name);
    }
  }
}
