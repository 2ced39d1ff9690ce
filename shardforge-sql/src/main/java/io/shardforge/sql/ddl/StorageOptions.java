package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.TableOptions;
import io.shardforge.sql.ddl.StorageHints.Place;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The WITH (...) options of tables and indexes: those of our own, which say where a table's rows
 * are; PostgreSQL's own change no result, but are kept and shown.
 */
final class StorageOptions {
  /** More replicas than that take longer to agree than they are worth. */
  private static final int FACTOR_MAX = 7;

  /** Each arc is a shard with a log of its own, so more would cost more than they spread. */
  private static final int SHARDS_MAX = 256;

  /** Arcs for each node if nobody says how many: some can go elsewhere when nodes join. */
  private static final int SHARDS_A_NODE = 4;

  private static final Set<String> OWN =
      Set.of(TableOptions.REPLICATION_FACTOR, TableOptions.SHARDING, TableOptions.SHARDS);

  /** Those of tables that an index might have as well, and has not. */
  private static final Set<String> NOT_OF_INDEXES =
      Set.of(TableOptions.SHARDING, TableOptions.SHARDS);

  private StorageOptions() {}

  /** What an index is told; refuses what it cannot be. */
  static List<String> ofIndex(List<Node> options, boolean inverted) {
    return changeOfIndex(List.of(), options, inverted);
  }

  /** What an index is told after SET (...). */
  static List<String> changeOfIndex(List<String> old, List<Node> options, boolean inverted) {
    List<String> changed = old;
    Set<String> seen = new HashSet<>();
    for (Node option : options) {
      DefElem element = option.getDefElem();
      if (isOwn(element) && NOT_OF_INDEXES.contains(element.getDefname())) {
        throw DdlErrors.unsupported(
            "storage parameter \"" + element.getDefname() + "\" of an index");
      }
      requireOnce(element, seen);
      Place place = inverted ? Place.INVERTED_INDEX : Place.INDEX;
      if (!element.getDefnamespace().isEmpty()
          || !StorageHints.check(place, element.getDefname(), textOf(element))) {
        throw refused(element);
      }
      changed = with(changed, element);
    }
    return changed;
  }

  /** What an index is told after RESET (...). */
  static List<String> resetOfIndex(List<String> old, List<Node> options) {
    List<String> changed = old;
    for (Node option : options) {
      changed = without(changed, requireBare(option));
    }
    return changed;
  }

  private static List<String> with(List<String> old, DefElem element) {
    List<String> changed = new ArrayList<>(without(old, element));
    changed.add(element.getDefname() + "=" + textOf(element));
    return changed;
  }

  private static List<String> without(List<String> old, DefElem element) {
    String start = element.getDefname() + "=";
    return old.stream().filter(parameter -> !parameter.startsWith(start)).toList();
  }

  private static DefElem requireBare(Node option) {
    DefElem element = option.getDefElem();
    if (element.hasArg()) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "RESET must not include values for parameters");
    }
    return element;
  }

  private static void requireOnce(DefElem element, Set<String> seen) {
    if (!seen.add(element.getDefnamespace() + "." + element.getDefname())) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "parameter \"" + element.getDefname() + "\" specified more than once");
    }
  }

  /**
   * What a new table is told.
   *
   * @param nodes how many there are; asked only if it matters
   */
  static TableOptions read(List<Node> options, IntSupplier nodes) {
    return change(TableOptions.NONE, options, nodes);
  }

  /** What a table is told after SET (...). */
  static TableOptions change(TableOptions old, List<Node> options, IntSupplier nodes) {
    TableOptions changed = old;
    boolean hash = old.isHashed();
    int shards = 0;
    Set<String> seen = new HashSet<>();
    for (Node option : options) {
      DefElem element = option.getDefElem();
      requireOnce(element, seen);
      if (isHint(element)) {
        // Those of TOAST would be those of another table, which there is not.
        if (element.getDefnamespace().isEmpty() && !element.getDefname().equals("oids")) {
          changed = changed.withParameters(with(changed.parameters(), element));
        }
        continue;
      }
      if (!isOwn(element)) {
        throw refused(element);
      }
      switch (element.getDefname()) {
        case TableOptions.SHARDING -> {
          requireHash(element);
          hash = true;
        }
        case TableOptions.SHARDS -> shards = shards(element);
        default -> changed = changed.withReplicationFactor(factor(element));
      }
    }
    if (shards != 0 && !hash) {
      throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "parameter \"shards\" is of tables that are cut by hash")
          .withHint("Add sharding = 'hash'.");
    }
    if (shards != 0) {
      return changed.withShards(shards);
    }
    return hash && !changed.isHashed() ? changed.withShards(shardsFor(nodes)) : changed;
  }

  private static int shardsFor(IntSupplier nodes) {
    return Math.clamp((long) nodes.getAsInt() * SHARDS_A_NODE, 1, SHARDS_MAX);
  }

  private static void requireHash(DefElem element) {
    String text = textOf(element);
    if (!text.equals(TableOptions.HASH)) {
      throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "invalid value for enum option \"sharding\": " + text)
          .withDetail("Valid values are \"hash\".")
          .withHint("A table without this option lies in the order of its key.");
    }
  }

  private static int shards(DefElem element) {
    int shards = number(element);
    if (shards < 1 || shards > SHARDS_MAX) {
      throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "value %s out of bounds for option \"shards\"".formatted(textOf(element)))
          .withDetail("Valid values are between \"1\" and \"" + SHARDS_MAX + "\".")
          .withHint("Without it there are " + SHARDS_A_NODE + " for each node.");
    }
    return shards;
  }

  /** What a table is told after RESET (...). */
  static TableOptions reset(TableOptions old, List<Node> options, IntSupplier nodes) {
    TableOptions changed = old;
    for (Node option : options) {
      DefElem element = requireBare(option);
      if (!isOwn(element)) {
        if (element.getDefnamespace().isEmpty()) {
          changed = changed.withParameters(without(changed.parameters(), element));
        }
        continue;
      }
      changed =
          switch (element.getDefname()) {
            case TableOptions.SHARDING -> changed.withShards(0);
            case TableOptions.SHARDS ->
                changed.isHashed() ? changed.withShards(shardsFor(nodes)) : changed;
            default -> changed.withReplicationFactor(0);
          };
    }
    return changed;
  }

  private static boolean isOwn(DefElem element) {
    return OWN.contains(element.getDefname()) && element.getDefnamespace().isEmpty();
  }

  private static boolean isHint(DefElem element) {
    String name = element.getDefname();
    if (name.equals("oids") && isFalse(element)) {
      return true;
    }
    return switch (element.getDefnamespace()) {
      case "" -> StorageHints.check(Place.TABLE, name, textOf(element));
      case "toast" -> StorageHints.check(Place.TOAST, name, textOf(element));
      default -> false;
    };
  }

  private static ShardForgeException refused(DefElem element) {
    String name = element.getDefname();
    if (!element.getDefnamespace().isEmpty() && !element.getDefnamespace().equals("toast")) {
      return DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "unrecognized parameter namespace \"" + element.getDefnamespace() + "\"");
    }
    if (name.equals("oids")) {
      return DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED, "tables declared WITH OIDS are not supported");
    }
    return DdlErrors.of(
        ErrorCode.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + name + "\"");
  }

  private static int number(DefElem element) {
    String text = textOf(element);
    if (!text.matches("[+-]?\\d{1,9}")) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE,
          "invalid value for integer option \"" + element.getDefname() + "\": " + text);
    }
    return Integer.parseInt(text);
  }

  private static int factor(DefElem element) {
    int factor = number(element);
    if (factor < 1 || factor > FACTOR_MAX || factor % 2 == 0) {
      throw DdlErrors.of(
              ErrorCode.INVALID_PARAMETER_VALUE,
              "value %s out of bounds for option \"%s\""
                  .formatted(textOf(element), element.getDefname()))
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

  static boolean isFalse(DefElem element) {
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
