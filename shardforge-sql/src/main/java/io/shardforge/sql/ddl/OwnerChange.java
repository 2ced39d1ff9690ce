package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessList;
import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** OWNER TO, for everything that has an owner. */
final class OwnerChange {
  private OwnerChange() {}

  /** Changes a table under construction, and its sequences with it. */
  static void table(DdlScope scope, TableDraft draft, RoleSpec spec) {
    RoleDescriptor owner = newOwner(scope, spec);
    regrant(scope, draft.id(), draft.ownerId, owner.id());
    draft.ownerId = owner.id();
    for (SequenceDescriptor sequence : List.copyOf(scope.snapshot().sequences())) {
      if (sequence.ownedByTable() == draft.id()) {
        regrant(scope, sequence.id(), sequence.ownerId(), owner.id());
        scope.catalog().update(sequence.key(), s -> withOwner((SequenceDescriptor) s, owner.id()));
      }
    }
  }

  static void of(DdlScope scope, CatalogObject object, RoleSpec spec) {
    RoleDescriptor owner = newOwner(scope, spec);
    switch (object) {
      case SchemaDescriptor s -> {
        scope.requireOwner(s.ownerId(), "schema", s.name());
        requireNotSystem(s);
        regrant(scope, s.id(), s.ownerId(), owner.id());
        scope.catalog().update(s.key(), o -> withOwner((SchemaDescriptor) o, owner.id()));
      }
      case SequenceDescriptor s -> {
        scope.requireOwner(s.ownerId(), "sequence", s.name());
        if (s.ownedByTable() != 0) {
          throw DdlErrors.of(
                  ErrorCode.FEATURE_NOT_SUPPORTED,
                  "cannot change owner of sequence \"" + s.name() + "\"")
              .withDetail("Sequence \"" + s.name() + "\" is linked to a table.");
        }
        regrant(scope, s.id(), s.ownerId(), owner.id());
        scope.catalog().update(s.key(), o -> withOwner((SequenceDescriptor) o, owner.id()));
      }
      case ViewDescriptor v -> {
        scope.requireOwner(v.ownerId(), "view", v.name());
        regrant(scope, v.id(), v.ownerId(), owner.id());
        scope.catalog().update(v.key(), o -> ((ViewDescriptor) o).withOwner(owner.id()));
      }
      case TypeDescriptor t -> {
        regrant(scope, t.id(), t.ownerId(), owner.id());
        scope.catalog().update(t.key(), o -> ((TypeDescriptor) o).withOwner(owner.id()));
      }
      case CollationDescriptor c ->
          scope
              .catalog()
              .update(
                  c.key(),
                  o -> {
                    CollationDescriptor old = (CollationDescriptor) o;
                    return old.moved(old.schemaId(), old.name(), owner.id());
                  });
      case DatabaseDescriptor d -> {
        scope.requireOwner(d.ownerId(), "database", d.name());
        regrant(scope, d.id(), d.ownerId(), owner.id());
        scope.catalog().update(d.key(), o -> withOwner((DatabaseDescriptor) o, owner.id()));
      }
      default -> throw DdlErrors.unsupported("OWNER TO for this kind of object");
    }
  }

  /** What the old owner had, and had granted, is the new one's. */
  private static void regrant(DdlScope scope, int objectId, int oldOwner, int newOwner) {
    List<GrantsDescriptor> all = new ArrayList<>(scope.snapshot().columnGrants(objectId));
    GrantsDescriptor whole = scope.snapshot().grants(objectId);
    if (whole != null) {
      all.add(whole);
    }
    for (GrantsDescriptor known : all) {
      scope
          .catalog()
          .update(
              known.key(),
              o -> {
                GrantsDescriptor old = (GrantsDescriptor) o;
                return new GrantsDescriptor(
                    old.id(),
                    old.version() + 1,
                    old.columnNumber(),
                    old.onDatabase(),
                    AccessList.withOwner(old.grants(), oldOwner, newOwner));
              });
    }
  }

  static void requireNotSystem(SchemaDescriptor schema) {
    if (schema.name().startsWith("pg_") || schema.name().equals("information_schema")) {
      throw DdlErrors.denied("schema " + schema.name());
    }
  }

  private static RoleDescriptor newOwner(DdlScope scope, RoleSpec spec) {
    RoleDescriptor owner = scope.role(spec);
    scope.requireMayGiveTo(owner);
    return owner;
  }

  private static SchemaDescriptor withOwner(SchemaDescriptor s, int ownerId) {
    return new SchemaDescriptor(s.id(), s.version() + 1, s.databaseId(), s.name(), ownerId);
  }

  private static DatabaseDescriptor withOwner(DatabaseDescriptor d, int ownerId) {
    return new DatabaseDescriptor(
        d.id(), d.version() + 1, d.name(), ownerId, d.allowConnections(), d.connectionLimit());
  }

  private static SequenceDescriptor withOwner(SequenceDescriptor s, int ownerId) {
    return new SequenceDescriptor(
        s.id(),
        s.version() + 1,
        s.schemaId(),
        s.name(),
        ownerId,
        s.type(),
        s.start(),
        s.increment(),
        s.minimum(),
        s.maximum(),
        s.cache(),
        s.cycle(),
        s.ownedByTable(),
        s.ownedByColumn(),
        s.dataId());
  }
}
