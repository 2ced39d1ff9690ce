package io.shardforge.sql.catalog.system;

import io.shardforge.sql.expr.EvalContext;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of pg_locks. */
final class LockTables {
  private LockTables() {}

  static Stream<@Nullable Object[]> locks(SystemTable t, EvalContext context) {
    return context.services().get(LocksView.class).locks().stream()
        .map(lock -> {
          Cells row =
              t.row()
                  .set("locktype", lock.type())
                  .set("database", lock.databaseId())
                  .set("relation", lock.relation())
                  .set("pid", lock.pid())
                  .set("mode", lock.mode())
                  .set("granted", lock.granted())
                  .set("fastpath", false)
                  .set("waitstart", lock.sinceMicros());
          LocksView.AdvisoryKey key = lock.advisory();
          return key == null
              ? row.done()
              : row.set("classid", key.classId())
                  .set("objid", key.objectId())
                  .set("objsubid", key.subId())
                  .done();
        });
  }
}
