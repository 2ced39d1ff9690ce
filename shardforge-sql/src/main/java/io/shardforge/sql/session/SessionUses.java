package io.shardforge.sql.session;

import io.shardforge.sql.catalog.RelationUses;
import io.shardforge.sql.catalog.system.UsesView;
import io.shardforge.sql.function.UseFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;

/** What a session sees of how relations are used on its node. */
final class SessionUses implements UsesView, UseFunctions {
  private final Session session;

  SessionUses(Session session) {
    this.session = session;
  }

  @Override
  public RelationUses uses() {
    return session.services().uses();
  }

  @Override
  public long changedRows(int tableId) {
    return session
        .services()
        .changedRows()
        .of(new ChangedRows.Table(session.databaseId(), tableId));
  }

  @Override
  public int sessions(int databaseId) {
    int count = 0;
    for (Session one : session.services().directory().sessions()) {
      count += one.databaseId() == databaseId ? 1 : 0;
    }
    return count;
  }

  @Override
  public void reset() {
    requireSuperuser("pg_stat_reset");
    uses().reset(session.databaseId(), session.transaction().nowMicros());
  }

  @Override
  public void resetRelation(long oid) {
    requireSuperuser("pg_stat_reset_single_table_counters");
    uses().reset(session.databaseId(), (int) oid, session.transaction().nowMicros());
  }

  private void requireSuperuser(String function) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for function " + function);
    }
  }
}
