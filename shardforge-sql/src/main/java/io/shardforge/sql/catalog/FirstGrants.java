package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a new object is granted by the default privileges of the role that it belongs to. */
final class FirstGrants {
  private FirstGrants() {}

  /** The object's kind, owner, schema and what it has without default privileges. */
  private record Made(char kind, int ownerId, int schemaId, List<Grant> usual) {}

  /** The grants of a new object; null if they are the usual ones. */
  static @Nullable GrantsDescriptor of(CatalogSnapshot snapshot, CatalogObject object) {
    Made made = made(object);
    if (made == null) {
      return null;
    }
    List<Grant> anywhere = grants(snapshot.defaultPrivileges(made.ownerId, 0), made.kind);
    List<Grant> here =
        made.schemaId == 0
            ? null
            : grants(snapshot.defaultPrivileges(made.ownerId, made.schemaId), made.kind);
    AccessList list = new AccessList(made.ownerId, anywhere == null ? made.usual : anywhere);
    for (Grant grant : here == null ? List.<Grant>of() : here) {
      list.grant(grant.granteeId(), grant.grantorId(), grant.privileges(), false);
      list.grant(grant.granteeId(), grant.grantorId(), grant.grantOptions(), true);
    }
    List<Grant> grants = AccessList.sorted(list.grants());
    return grants.equals(AccessList.sorted(made.usual))
        ? null
        : new GrantsDescriptor(object.id(), 1, 0, false, grants);
  }

  private static @Nullable List<Grant> grants(
      @Nullable DefaultPrivilegesDescriptor kept, char kind) {
    DefaultPrivilegesDescriptor.Entry entry = kept == null ? null : kept.entry(kind);
    return entry == null ? null : entry.grants();
  }

  private static @Nullable Made made(CatalogObject object) {
    return switch (object) {
      case TableDescriptor t -> made('r', t.ownerId(), t.schemaId());
      case ViewDescriptor v -> made('r', v.ownerId(), v.schemaId());
      case SequenceDescriptor s -> made('S', s.ownerId(), s.schemaId());
      case TypeDescriptor t -> made('T', t.ownerId(), t.schemaId());
      case SchemaDescriptor s -> made('n', s.ownerId(), 0);
      case DatabaseDescriptor _,
          RoleDescriptor _,
          CommentDescriptor _,
          GrantsDescriptor _,
          DefaultPrivilegesDescriptor _,
          SettingsDescriptor _,
          StatisticsDescriptor _,
          CombinedStatistics _,
          CollationDescriptor _ ->
          null;
    };
  }

  private static Made made(char kind, int ownerId, int schemaId) {
    return new Made(kind, ownerId, schemaId, DefaultGrants.ofKind(kind, ownerId));
  }
}
