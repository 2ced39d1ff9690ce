package io.shardforge.sql.ddl;

import io.shardforge.raft.kv.Isolation;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.parse.proto.LockStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;

/**
 * LOCK TABLE. A snapshot holds the tables with their columns and rows, so that what ACCESS SHARE
 * promises, tables that stay as they are, is so without a lock in a transaction that has one
 * snapshot; anything else is refused.
 */
final class LockTables {
  private static final List<String> MODES =
      List.of(
          "ACCESS SHARE",
          "ROW SHARE",
          "ROW EXCLUSIVE",
          "SHARE UPDATE EXCLUSIVE",
          "SHARE",
          "SHARE ROW EXCLUSIVE",
          "EXCLUSIVE",
          "ACCESS EXCLUSIVE");
  private static final int ACCESS_SHARE = 1;

  private final DdlScope scope;

  LockTables(DdlScope scope) {
    this.scope = scope;
  }

  String run(LockStmt statement) {
    if (!scope.context().inTransactionBlock()) {
      throw DdlErrors.of(
          ErrorCode.NO_ACTIVE_SQL_TRANSACTION, "LOCK TABLE can only be used in transaction blocks");
    }
    AccessCheck access = AccessCheck.of(scope.snapshot(), scope.context().currentRole());
    for (Node node : statement.getRelationsList()) {
      RangeVar name = node.getRangeVar();
      switch (scope.find(name)) {
        case null -> throw DdlErrors.undefinedTable(DdlScope.written(name));
        case SequenceDescriptor sequence ->
            throw DdlErrors.of(
                    ErrorCode.WRONG_OBJECT_TYPE, "cannot lock relation \"" + sequence.name() + "\"")
                .withDetail("This operation is not supported for sequences.");
        case Object relation -> access.requireRelation(relation, Privilege.SELECT);
      }
    }
    if (statement.getMode() != ACCESS_SHARE) {
      throw DdlErrors.unsupported(
          "LOCK TABLE ... IN " + MODES.get(statement.getMode() - 1) + " MODE");
    }
    if (scope.txn().isolation() == Isolation.READ_COMMITTED) {
      throw DdlErrors.unsupported("LOCK TABLE at READ COMMITTED");
    }
    return "LOCK TABLE";
  }
}
