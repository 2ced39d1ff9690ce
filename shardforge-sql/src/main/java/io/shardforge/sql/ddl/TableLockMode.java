package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.LockStrength;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import java.util.EnumSet;
import java.util.Set;

/**
 * PostgreSQL's modes of table locks, weakest first, each with the strength in which the row of the
 * table's descriptor is locked. Modes that conflict there conflict here; in addition ACCESS SHARE
 * does with EXCLUSIVE, ROW EXCLUSIVE with SHARE UPDATE EXCLUSIVE, and SHARE with itself.
 */
enum TableLockMode {
  ACCESS_SHARE(LockStrength.KEY_SHARE),
  ROW_SHARE(LockStrength.KEY_SHARE),
  ROW_EXCLUSIVE(LockStrength.SHARE),
  SHARE_UPDATE_EXCLUSIVE(LockStrength.NO_KEY_UPDATE),
  SHARE(LockStrength.NO_KEY_UPDATE),
  SHARE_ROW_EXCLUSIVE(LockStrength.NO_KEY_UPDATE),
  EXCLUSIVE(LockStrength.UPDATE),
  ACCESS_EXCLUSIVE(LockStrength.UPDATE);

  private final LockStrength strength;

  TableLockMode(LockStrength strength) {
    this.strength = strength;
  }

  /** The mode that has this number in a parse tree. */
  static TableLockMode of(int number) {
    return values()[number - 1];
  }

  LockStrength strength() {
    return strength;
  }

  /** Whether nobody else may change rows. */
  boolean keepsWritersOut() {
    return compareTo(SHARE) >= 0;
  }

  /** Refuses it to who has none of the privileges that it takes. */
  void require(AccessCheck access, Object relation) {
    Set<Privilege> enough =
        EnumSet.of(Privilege.MAINTAIN, Privilege.UPDATE, Privilege.DELETE, Privilege.TRUNCATE);
    if (compareTo(ROW_EXCLUSIVE) <= 0) {
      enough.add(Privilege.INSERT);
    }
    if (enough.stream().noneMatch(privilege -> access.mayRelation(relation, privilege))) {
      access.requireRelation(
          relation, this == ACCESS_SHARE ? Privilege.SELECT : Privilege.MAINTAIN);
    }
  }
}
