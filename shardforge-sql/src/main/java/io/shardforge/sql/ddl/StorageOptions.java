package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The WITH (...) options of tables and indexes: those of our own, which say where a table's rows
 * are; hints about PostgreSQL's storage change no result.
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

  /** More replicas than that take longer to agree than they are worth. */
  private static final int FACTOR_MAX = 7;

  private static final Set<String> OWN = Set.of("sharding", "shards");

  private StorageOptions() {}

  /** Refuses what an index cannot be told. */
  static void check(List<Node> options) {
    for (Node option : options) {
      if (!isHint(option.getDefElem())) {
        throw refused(option.getDefElem());
      }
    }
  }

  /** What a new table is told. */
  static TableOptions read(List<Node> options) {
    return change(TableOptions.NONE, options);
  }

  /** What a table is told after SET (...). */
  static TableOptions change(TableOptions old, List<Node> options) {
    TableOptions changed = old;
    Set<String> seen = new HashSet<>();
    for (Node option : options) {
      DefElem element = option.getDefElem();
      if (isHint(element)) {
        continue;
      }
      if (!isOwn(element)) {
        throw refused(element);
      }
      if (!seen.add(element.getDefname())) {
        throw DdlErrors.of(
            ErrorCode.INVALID_PARAMETER_VALUE,
            "parameter \"" + element.getDefname() + "\" specified more than once");
      }
      changed = changed.withReplicationFactor(factor(element));
    }
    return changed;
  }

  /** What a table is told after RESET (...). */
  static TableOptions reset(TableOptions old, List<Node> options) {
    TableOptions changed = old;
    for (Node option : options) {
      DefElem element = option.getDefElem();
      if (element.hasArg()) {
        throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "RESET must not include values for parameters");
      }
      if (isOwn(element)) {
        changed = changed.withReplicationFactor(0);
      } else if (!isHint(element)) {
        throw refused(element);
      }
    }
    return changed;
  }

  private static boolean isOwn(DefElem element) {
    return element.getDefname().equals(TableOptions.REPLICATION_FACTOR)
        && element.getDefnamespace().isEmpty();
  }

  private static boolean isHint(DefElem element) {
    String name = element.getDefname();
    return HINTS.contains(name)
        || name.startsWith("autovacuum_")
        || element.getDefnamespace().equals("toast")
        || (name.equals("oids") && isFalse(element));
  }

  private static ShardForgeException refused(DefElem element) {
    String name = element.getDefname();
    if (!element.getDefnamespace().isEmpty()) {
      return DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "unrecognized parameter namespace \"" + element.getDefnamespace() + "\"");
    }
    if (name.equals("oids")) {
      return DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
    }
    if (OWN.contains(name)) {
      return DdlErrors.unsupported("storage parameter \"" + name + "\"");
    }
    return DdlErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + name + "\"");
  }

  private static int factor(DefElem element) {
    String text = textOf(element);
    if (!text.matches("[+-]?\\d{1,9}")) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "invalid value for integer option \"" + element.getDefname() + "\": " + text);
    }
    int factor = Integer.parseInt(text);
    if (factor < 1 || factor > FACTOR_MAX || factor % 2 == 0) {
      throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "value %s out of bounds for option \"%s\"".formatted(text, element.getDefname()))
          .withDetail("Valid values are 1, 3, 5 and 7.");
    }
    return factor;
  }

  private static String textOf(DefElem element) {
    Node arg = element.getArg();
    return switch (arg.getNodeCase()) {
      case INTEGER -> Integer.toString(arg.getInteger().getIval());
      case FLOAT -> arg.getFloat().getFval();
      case STRING -> arg.getString().getSval();
      case TYPE_NAME -> ColumnTypes.lastName(arg.getTypeName());
      default -> "true";
    };
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
