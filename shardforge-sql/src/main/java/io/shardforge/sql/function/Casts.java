package io.shardforge.sql.function;

import io.shardforge.sql.expr.Cast;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.Relabel;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conversions between types: what is allowed where, and the expression that does it. */
public final class Casts {
  /** How one type becomes another. */
  public enum Pathway {
    NONE,
    RELABEL,
    FUNCTION,
    THROUGH_TEXT,
    ARRAY
  }

  private Casts() {}

  /** The way from one type to another in a context. */
  public static Pathway pathway(int source, int target, CastContext context) {
    if (source == target) {
      return Pathway.RELABEL;
    }
    PgCast cast = FunctionRegistry.cast(source, target);
    if (cast != null) {
      boolean allowed =
          switch (cast.context()) {
            case 'i' -> true;
            case 'a' -> context != CastContext.IMPLICIT;
            default -> context == CastContext.EXPLICIT;
          };
      if (!allowed) {
        return Pathway.NONE;
      }
      return switch (cast.method()) {
        case 'b' -> Pathway.RELABEL;
        case 'f' -> Pathway.FUNCTION;
        default -> Pathway.THROUGH_TEXT;
      };
    }
    PgType from = PgTypes.find(source);
    PgType to = PgTypes.find(target);
    if (from == null || to == null) {
      return Pathway.NONE;
    }
    if (source == PgOid.UNKNOWN) {
      return to.isPseudo() ? Pathway.NONE : Pathway.THROUGH_TEXT;
    }
    if (from.isArray() && isTrueArray(to)) {
      Pathway element = pathway(from.elementOid(), to.elementOid(), context);
      return element == Pathway.NONE
          ? Pathway.NONE
          : element == Pathway.RELABEL && !changesRepresentation(from.elementOid(), to.elementOid())
              ? Pathway.RELABEL
              : Pathway.ARRAY;
    }
    if (to.isPseudo()) {
      return Pathway.NONE;
    }
    if (to.category() == 'S' && context != CastContext.IMPLICIT && source != PgOid.VOID) {
      return Pathway.THROUGH_TEXT;
    }
    if (from.category() == 'S' && context == CastContext.EXPLICIT) {
      return Pathway.THROUGH_TEXT;
    }
    return Pathway.NONE;
  }

  private static boolean isTrueArray(PgType type) {
    return type.category() == 'A' && type.name().startsWith("_");
  }

  /** int4 and oid share their bits, but not how those bits are held. */
  private static boolean changesRepresentation(int source, int target) {
    return (source == PgOid.INT4) != (target == PgOid.INT4)
        && PgTypes.byOid(source).representation() == PgType.Representation.LONG;
  }

  /** The expression that converts {@code input}; 42846 if there is no way. */
  public static Expression cast(Expression given, SqlType target, CastContext context) {
    int source = PgTypes.baseOid(given.type().oid());
    Expression input =
        source == given.type().oid() ? given : new Relabel(PgTypes.base(given.type()), given);
    Pathway pathway = pathway(source, target.oid(), context);
    boolean explicit = context == CastContext.EXPLICIT;
    if (pathway == Pathway.NONE) {
      throw TypeErrors.of(
          ErrorCode.CANNOT_COERCE,
          "cannot cast type "
              + TypeNames.format(source, -1)
              + " to "
              + TypeNames.format(target.oid(), -1));
    }
    if (source == target.oid()) {
      if (target.typmod() < 0 || target.typmod() == input.type().typmod()) {
        return input;
      }
      return new Cast(target, input, fitting(target, explicit));
    }
    if (pathway == Pathway.RELABEL && !changesRepresentation(source, target.oid())) {
      Expression relabeled = new Relabel(SqlType.of(target.oid()), input);
      return target.typmod() < 0
          ? relabeled
          : new Cast(target, relabeled, fitting(target, explicit));
    }
    return new Cast(target, input, conversion(source, target, context));
  }

  private static ScalarFunction fitting(SqlType target, boolean explicit) {
    PgType type = PgTypes.byOid(target.oid());
    return (_, in) -> type.coerce(NullArguments.at(in, 0), target.typmod(), explicit);
  }

  /** A function of one non-null value that converts it and fits it to the target's modifier. */
  public static ScalarFunction conversion(int source, SqlType target, CastContext context) {
    PgType from = PgTypes.byOid(source);
    PgType to = PgTypes.byOid(target.oid());
    boolean explicit = context == CastContext.EXPLICIT;
    int typmod = target.typmod();
    return switch (pathway(source, target.oid(), context)) {
      case NONE ->
          throw TypeErrors.of(
              ErrorCode.CANNOT_COERCE,
              "cannot cast type "
                  + TypeNames.format(source, -1)
                  + " to "
                  + TypeNames.format(target.oid(), -1));
      case RELABEL ->
          changesRepresentation(source, target.oid())
              ? reinterpretation(target.oid())
              : (_, in) -> to.coerce(NullArguments.at(in, 0), typmod, explicit);
      case FUNCTION -> {
        ScalarFunction function = castFunction(source, target);
        yield (c, in) -> {
          Object value = function.apply(c, in);
          return value == null ? null : to.coerce(value, typmod, explicit);
        };
      }
      case THROUGH_TEXT -> {
        // Interval modifiers change what bare numbers mean, so the parser has to know them.
        int parseTypmod = target.oid() == PgOid.INTERVAL ? typmod : -1;
        yield (c, in) -> {
          Object value = NullArguments.at(in, 0);
          String text =
              source == PgOid.UNKNOWN ? (String) value : from.format(value, c.typeContext());
          if (source == PgOid.BPCHAR && to.category() == 'S') {
            text = TextFunctions.trimEnd(text);
          }
          return to.coerce(to.parse(text, parseTypmod, c.typeContext()), typmod, explicit);
        };
      }
      case ARRAY -> {
        int elementOid = to.elementOid();
        ScalarFunction element =
            conversion(from.elementOid(), new SqlType(elementOid, typmod), context);
        yield (c, in) -> {
          ArrayValue array = (ArrayValue) NullArguments.at(in, 0);
          @Nullable Object[] converted = new @Nullable Object[array.size()];
          @Nullable Object[] argument = new @Nullable Object[1];
          for (int i = 0; i < converted.length; i++) {
            argument[0] = array.get(i);
            converted[i] = argument[0] == null ? null : element.apply(c, argument);
          }
          return array.withElements(elementOid, converted);
        };
      }
    };
  }

  private static ScalarFunction castFunction(int source, SqlType target) {
    PgCast cast = FunctionRegistry.cast(source, target.oid());
    if (cast == null) {
      throw new IllegalStateException("no cast from " + source + " to " + target.oid());
    }
    return FunctionRegistry.scalar(
        cast.functionOid(), new CallTypes(List.of(SqlType.of(source)), target));
  }

  private static ScalarFunction reinterpretation(int target) {
    return target == PgOid.INT4
        ? (_, in) -> (long) (int) (long) (Long) NullArguments.at(in, 0)
        : (_, in) -> (Long) NullArguments.at(in, 0) & 0xFFFF_FFFFL;
  }
}
