package io.shardforge.sql.ddl;

import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Set;

/**
 * The WITH (...) options of tables and indexes: hints about PostgreSQL's storage change no result.
 */
final class StorageOptions {
  private static final Set<String> HINTS =
      Set.of(
          "fillfactor",
          "toast_tuple_target",
          "parallel_workers",
          "vacuum_index_cleanup",
          "vacuum_truncate",
          "log_autovacuum_min_duration",
          "deduplicate_items");

  private static final Set<String> OWN = Set.of("sharding", "shards");

  private StorageOptions() {}

  static void check(List<Node> options) {
    for (Node option : options) {
      DefElem element = option.getDefElem();
      String name = element.getDefname();
      boolean hint =
          HINTS.contains(name)
              || name.startsWith("autovacuum_")
              || element.getDefnamespace().equals("toast");
      if (hint || (name.equals("oids") && isFalse(element))) {
        continue;
      }
      if (name.equals("oids")) {
        throw DdlErrors.of(
            ErrorCode.FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
      }
      if (OWN.contains(name)) {
        throw DdlErrors.unsupported("storage parameter \"" + name + "\"");
      }
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + name + "\"");
    }
  }

  private static boolean isFalse(DefElem element) {
    Node arg = element.getArg();
    String text =
        arg.getNodeCase() == Node.NodeCase.TYPE_NAME
            ? ColumnTypes.lastName(arg.getTypeName())
            : arg.getString().getSval();
    return element.hasArg() && (text.equals("false") || text.equals("off"));
  }

  static void requireDefaultTablespace(String name) {
    if (!name.isEmpty() && !name.equals("pg_default")) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, "tablespace \"" + name + "\" does not exist");
    }
  }

  static void requireHeap(String accessMethod) {
    if (!accessMethod.isEmpty() && !accessMethod.equals("heap")) {
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT, "access method \"" + accessMethod + "\" does not exist");
    }
  }
}
