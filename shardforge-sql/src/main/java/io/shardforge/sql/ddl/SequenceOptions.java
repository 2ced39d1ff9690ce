package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of CREATE SEQUENCE, ALTER SEQUENCE and identity columns, checked as PostgreSQL does.
 */
final class SequenceOptions {
  /**
   * What OWNED BY names: empty for NONE, else table and column with an optional schema in front.
   */
  private @Nullable List<String> ownedBy;

  private @Nullable SqlType type;
  private @Nullable Long start;
  private @Nullable Long increment;
  private @Nullable Long minimum;
  private @Nullable Long maximum;
  private @Nullable Long cache;
  private @Nullable Boolean cycle;
  private boolean noMinimum;
  private boolean noMaximum;
  private boolean restart;
  private @Nullable Long restartWith;
  private @Nullable List<String> sequenceName;

  private SequenceOptions() {}

  static SequenceOptions parse(List<Node> nodes, DdlContext context) {
    SequenceOptions options = new SequenceOptions();
    Set<String> seen = new HashSet<>();
    for (Node node : nodes) {
      DefElem element = node.getDefElem();
      if (!seen.add(element.getDefname())) {
        throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting or redundant options")
            .withPosition(context.position(element.getLocation()));
      }
      options.set(element, context);
    }
    return options;
  }

  /** Those of a sequence that takes the type of its column. */
  static SequenceOptions ofType(SqlType type) {
    SequenceOptions options = new SequenceOptions();
    options.type = type;
    return options;
  }

  private void set(DefElem element, DdlContext context) {
    switch (element.getDefname()) {
      case "as" -> type = integerType(element, context);
      case "start" -> start = number(element);
      case "increment" -> {
        increment = number(element);
        if (increment == 0) {
          throw invalid("INCREMENT must not be zero");
        }
      }
      case "minvalue" -> {
        noMinimum = !element.hasArg();
        minimum = element.hasArg() ? number(element) : null;
      }
      case "maxvalue" -> {
        noMaximum = !element.hasArg();
        maximum = element.hasArg() ? number(element) : null;
      }
      case "cache" -> {
        cache = number(element);
        if (cache <= 0) {
          throw invalid("CACHE (" + cache + ") must be greater than zero");
        }
      }
      case "cycle" -> cycle = element.getArg().getBoolean().getBoolval();
      case "restart" -> {
        restart = true;
        restartWith = element.hasArg() ? number(element) : null;
      }
      case "owned_by" -> {
        List<String> names = strings(element.getArg());
        ownedBy = names.size() == 1 && names.getFirst().equals("none") ? List.of() : names;
        if (names.size() == 1 && !ownedBy.isEmpty()) {
          throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "invalid OWNED BY option")
              .withHint("Specify OWNED BY table.column or OWNED BY NONE.");
        }
      }
      case "sequence_name" -> sequenceName = strings(element.getArg());
      default -> throw DdlErrors.unsupported("sequence option \"" + element.getDefname() + "\"");
    }
  }

  @Nullable List<String> ownedBy() {
    return ownedBy;
  }

  /** The explicit name of an identity column's sequence. */
  @Nullable List<String> sequenceName() {
    return sequenceName;
  }

  boolean isRestart() {
    return restart;
  }

  /** The definition of a new sequence. */
  SequenceDescriptor create(int id, int schemaId, String name, int ownerId, SqlType defaultType) {
    SqlType t = type == null ? defaultType : type;
    long step = increment == null ? 1 : increment;
    long low = minimum != null ? minimum : step > 0 ? 1 : lowest(t);
    long high = maximum != null ? maximum : step > 0 ? highest(t) : -1;
    long first = start != null ? start : step > 0 ? low : high;
    return checked(
        new SequenceDescriptor(
            id,
            1,
            schemaId,
            name,
            ownerId,
            t,
            first,
            step,
            low,
            high,
            cache == null ? 1 : cache,
            cycle != null && cycle,
            0,
            0,
            id));
  }

  /**
   * The next version of a sequence.
   *
   * @param dataId names its value from now on; a new one where the value must not live on
   */
  SequenceDescriptor alter(SequenceDescriptor old, int dataId) {
    SqlType t = type == null ? old.type() : type;
    long step = increment == null ? old.increment() : increment;
    // A bound that was that of the old type becomes that of the new one.
    boolean lowOfType = type != null && old.minimum() == lowest(old.type());
    boolean highOfType = type != null && old.maximum() == highest(old.type());
    long low =
        minimum != null
            ? minimum
            : lowOfType || (noMinimum && step < 0) ? lowest(t) : noMinimum ? 1 : old.minimum();
    long high =
        maximum != null
            ? maximum
            : highOfType || (noMaximum && step > 0) ? highest(t) : noMaximum ? -1 : old.maximum();
    return checked(
        new SequenceDescriptor(
            old.id(),
            old.version() + 1,
            old.schemaId(),
            old.name(),
            old.ownerId(),
            t,
            start != null ? start : old.start(),
            step,
            low,
            high,
            cache == null ? old.cache() : cache,
            cycle == null ? old.cycle() : cycle,
            old.ownedByTable(),
            old.ownedByColumn(),
            dataId));
  }

  /** Where a restarted sequence goes on. */
  long restartValue(SequenceDescriptor sequence) {
    long value = restartWith == null ? sequence.start() : restartWith;
    if (value < sequence.minimum()) {
      throw invalid(
          "RESTART value ("
              + value
              + ") cannot be less than MINVALUE ("
              + sequence.minimum()
              + ")");
    }
    if (value > sequence.maximum()) {
      throw invalid(
          "RESTART value ("
              + value
              + ") cannot be greater than MAXVALUE ("
              + sequence.maximum()
              + ")");
    }
    return value;
  }

  private static SequenceDescriptor checked(SequenceDescriptor s) {
    String typeName = TypeNames.format(s.type());
    if (s.maximum() > highest(s.type())) {
      throw invalid(
          "MAXVALUE (" + s.maximum() + ") is out of range for sequence data type " + typeName);
    }
    if (s.minimum() < lowest(s.type())) {
      throw invalid(
          "MINVALUE (" + s.minimum() + ") is out of range for sequence data type " + typeName);
    }
    if (s.minimum() >= s.maximum()) {
      throw invalid(
          "MINVALUE (" + s.minimum() + ") must be less than MAXVALUE (" + s.maximum() + ")");
    }
    if (s.start() < s.minimum()) {
      throw invalid(
          "START value (" + s.start() + ") cannot be less than MINVALUE (" + s.minimum() + ")");
    }
    if (s.start() > s.maximum()) {
      throw invalid(
          "START value (" + s.start() + ") cannot be greater than MAXVALUE (" + s.maximum() + ")");
    }
    return s;
  }

  private static SqlType integerType(DefElem element, DdlContext context) {
    SqlType type = ColumnTypes.resolve(element.getArg().getTypeName(), context);
    return switch (type.oid()) {
      case PgOid.INT2, PgOid.INT4, PgOid.INT8 -> type;
      default -> throw invalid("sequence type must be smallint, integer, or bigint");
    };
  }

  private static long lowest(SqlType type) {
    return switch (type.oid()) {
      case PgOid.INT2 -> Short.MIN_VALUE;
      case PgOid.INT4 -> Integer.MIN_VALUE;
      default -> Long.MIN_VALUE;
    };
  }

  private static long highest(SqlType type) {
    return switch (type.oid()) {
      case PgOid.INT2 -> Short.MAX_VALUE;
      case PgOid.INT4 -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }

  private static long number(DefElem element) {
    Node arg = element.getArg();
    if (arg.getNodeCase() == Node.NodeCase.INTEGER) {
      return arg.getInteger().getIval();
    }
    String text = arg.getFloat().getFval();
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw DdlErrors.of(
          ErrorCode.INVALID_TEXT_REPRESENTATION,
          "value \"" + text + "\" is out of range for type bigint");
    }
  }

  private static List<String> strings(Node list) {
    List<String> names = new ArrayList<>();
    for (Node item : list.getList().getItemsList()) {
      names.add(item.getString().getSval());
    }
    return names;
  }

  private static io.shardforge.storage.error.ShardForgeException invalid(String message) {
    return DdlErrors.of(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }
}
