package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.GrantsDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import java.util.ArrayList;
import java.util.List;

/** Grants as aclitem shows them: {@code grantee=letters/grantor}. */
final class AccessItems {
  private AccessItems() {}

  static ArrayValue of(CatalogSnapshot snapshot, List<Grant> grants) {
    List<String> items = new ArrayList<>();
    for (Grant grant : grants) {
      StringBuilder item = new StringBuilder();
      if (grant.granteeId() != GrantsDescriptor.PUBLIC) {
        item.append(name(snapshot, grant.granteeId()));
      }
      item.append('=');
      for (Privilege privilege : Privilege.values()) {
        if (grant.privileges().contains(privilege)) {
          item.append(privilege.letter());
          if (grant.grantOptions().contains(privilege)) {
            item.append('*');
          }
        }
      }
      items.add(item.append('/').append(name(snapshot, grant.grantorId())).toString());
    }
    return Cells.array(PgOid.ACLITEM, items);
  }

  private static String name(CatalogSnapshot snapshot, int roleId) {
    RoleDescriptor role = snapshot.role(roleId);
    return role == null ? Integer.toString(roleId) : role.name();
  }
}
