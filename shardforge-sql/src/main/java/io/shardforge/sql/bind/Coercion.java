package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Resolver.Context;
import io.shardforge.sql.bind.Resolver.Path;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns bound expressions into other types, as PostgreSQL's coerce functions do. */
final class Coercion {
  /** Words that mean another moment at each execution and so are read at run time. */
  private static final Set<String> MOMENTS = Set.of("now", "today", "tomorrow", "yesterday");

  private final Binder binder;
  private final BindContext context;

  Coercion(Binder binder) {
    this.binder = binder;
    this.context = binder.context();
  }

  /** The expression as the target type, or null if there is no cast in this context. */
  @Nullable Bound coerce(Bound value, SqlType target, Context how, int location) {
    Bound typed = toType(value, target.oid(), target.typmod(), how, location);
    return typed == null ? null : fitModifier(typed, target, how, location);
  }

  /**
   * The expression as a type without regard to the modifier; never null for a type that accepts it.
   */
  @Nullable Bound toType(Bound value, int target, int typmod, Context how, int location) {
    Bound made = made(value, target, typmod, how, location);
    Collation collation = value.type().collation();
    return made == null || collation == null || made.type().collation() != null
        ? made
        : CollationRules.under(made, collation);
  }

  private @Nullable Bound made(Bound value, int target, int typmod, Context how, int location) {
    int source = value.type().oid();
    if (source == target || target == PgOid.ANY) {
      return value;
    }
    if (PgTypes.baseOid(target) != target) {
      return toDomain(value, target, how, location);
    }
    if (PgTypes.baseOid(source) != source) {
      return toType(withoutDomain(value), target, typmod, how, location);
    }
    if (source == PgOid.UNKNOWN) {
      return fromUnknown(value, target, typmod, location);
    }
    if (target == PgOid.RECORD && value instanceof Bound.RowOf) {
      return value;
    }
    Path path = context.resolver().castPath(source, target, how);
    if (path == null) {
      return null;
    }
    Bound folded = value instanceof Bound.Const constant ? number(constant, target) : null;
    if (folded != null) {
      return folded;
    }
    boolean explicit = how == Context.EXPLICIT;
    return switch (path.kind()) {
      case RELABEL -> relabel(value, target);
      case IO, FUNCTION, ARRAY, TYPMOD ->
          new Bound.Cast(
              path.kind(),
              path.function(),
              value,
              // How many of a number's bits are taken is up to the cast.
              target == PgOid.BIT ? new SqlType(target, Math.max(typmod, 1)) : SqlType.of(target),
              explicit,
              location);
    };
  }

  /** A text as a type reads it; one that is too long for the type is refused. */
  Bound fromText(Bound text, SqlType target) {
    Bound read = toType(text, target.oid(), -1, Context.EXPLICIT, -1);
    return fitModifier(read == null ? text : read, target, Context.ASSIGNMENT, -1);
  }

  /** A domain's value as what the domain is made of. */
  private static Bound withoutDomain(Bound value) {
    SqlType base = PgTypes.base(value.type());
    return value instanceof Bound.Const constant
        ? new Bound.Const(constant.value(), base, constant.location())
        : new Bound.Cast(Bound.CastKind.RELABEL, 0, value, base, false, -1);
  }

  /** The value as the domain's base, then judged by the rules of the domain and those under it. */
  private @Nullable Bound toDomain(Bound value, int target, Context how, int location) {
    SqlType base = PgTypes.base(SqlType.of(target));
    Bound made = coerce(value, base, how, location);
    if (made == null) {
      return null;
    }
    PgType type = PgTypes.byOid(target);
    List<Bound.DomainRules> rules = new ArrayList<>();
    int oid = type.isArray() ? type.elementOid() : target;
    while (context.catalog().typeDescriptor(oid) instanceof DomainDescriptor domain) {
      rules.addFirst(binder.domainRules(domain));
      oid = domain.base().oid();
    }
    SqlType domain = SqlType.of(target).withCollation(base.collation());
    return new Bound.ToDomain(made, type.isArray(), rules, domain);
  }

  /** A numeric literal directly as a wider type; null for casts that are left to run time. */
  private static @Nullable Bound number(Bound.Const literal, int target) {
    Object value = literal.value();
    SqlType type = SqlType.of(target);
    boolean integer = literal.type().oid() == PgOid.INT4 || literal.type().oid() == PgOid.INT8;
    if (integer && value instanceof Long number) {
      return switch (target) {
        case PgOid.INT8 -> new Bound.Const(number, type, literal.location());
        case PgOid.FLOAT8 -> new Bound.Const((double) number, type, literal.location());
        case PgOid.NUMERIC -> read(number.toString(), type, literal.location());
        default -> null;
      };
    }
    return literal.type().oid() == PgOid.NUMERIC && target == PgOid.FLOAT8 && value != null
        ? read(
            PgTypes.byOid(PgOid.NUMERIC).format(value, TypeContext.UTC), type, literal.location())
        : null;
  }

  private static Bound read(String digits, SqlType type, int location) {
    Object value = PgTypes.byOid(type.oid()).parse(digits, -1, TypeContext.UTC);
    return new Bound.Const(value, type, location);
  }

  private static Bound relabel(Bound value, int target) {
    if (value instanceof Bound.Const constant) {
      return new Bound.Const(constant.value(), SqlType.of(target), constant.location());
    }
    if (value instanceof Bound.Cast cast
        && cast.kind() == Bound.CastKind.RELABEL
        && cast.type().equals(PgTypes.base(cast.arg().type()))) {
      return new Bound.Cast(Bound.CastKind.RELABEL, 0, cast.arg(), SqlType.of(target), false, -1);
    }
    // A bpchar column as text keeps its blanks off: that is a function in pg_cast, not a relabel.
    return new Bound.Cast(Bound.CastKind.RELABEL, 0, value, SqlType.of(target), false, -1);
  }

  private Bound fromUnknown(Bound value, int target, int typmod, int location) {
    return switch (value) {
      case Bound.Const literal -> literal(literal, target, typmod);
      case Bound.Param parameter -> {
        context.inferParameter(parameter.number(), target, parameter.location());
        yield new Bound.Param(parameter.number(), SqlType.of(target), parameter.location());
      }
      // An unknown column (of a subquery or UNION) holds text.
      default ->
          target == PgOid.TEXT
              ? new Bound.Cast(Bound.CastKind.RELABEL, 0, value, Types.TEXT, false, -1)
              : new Bound.Cast(Bound.CastKind.IO, 0, value, SqlType.of(target), true, location);
    };
  }

  private Bound literal(Bound.Const literal, int target, int typmod) {
    SqlType type = SqlType.of(target);
    if (!(literal.value() instanceof String text)) {
      return new Bound.Const(null, type, literal.location());
    }
    PgType pgType = PgTypes.byOid(target);
    if (pgType.isPseudo() && target != PgOid.CSTRING) {
      return literal;
    }
    if (needsRunTime(pgType, text)) {
      return new Bound.Cast(
          Bound.CastKind.IO,
          0,
          new Bound.Const(text, Types.TEXT, literal.location()),
          type,
          true,
          literal.location());
    }
    try {
      // The modifier matters to reading only for intervals; lengths are judged by the cast after
      // it.
      int readModifier = target == PgOid.INTERVAL ? typmod : -1;
      Object value = pgType.parse(text, readModifier, context.typeContext());
      return new Bound.Const(value, type, literal.location());
    } catch (ShardForgeException e) {
      throw context.at(e, literal.location());
    }
  }

  private static boolean needsRunTime(PgType type, String text) {
    if (type.category() == 'D'
        || (type.isArray() && Resolver.categoryOf(type.elementOid()) == 'D')) {
      String word = text.strip().toLowerCase(Locale.ROOT);
      for (String moment : MOMENTS) {
        if (word.contains(moment)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Fits a value to a type's modifier; a no-op when it already has it. */
  Bound fitModifier(Bound value, SqlType target, Context how, int location) {
    if (target.typmod() < 0 || target.typmod() == value.type().typmod()) {
      return value;
    }
    if (target.oid() != value.type().oid()) {
      return value;
    }
    boolean explicit = how == Context.EXPLICIT;
    if (value instanceof Bound.Const constant && constant.value() == null) {
      SqlType type = target.withCollation(value.type().collation());
      return new Bound.Const(null, type, constant.location());
    }
    PgType type = PgTypes.byOid(target.oid());
    int modified = type.isArray() ? type.elementOid() : target.oid();
    return switch (modified) {
      case PgOid.VARCHAR,
          PgOid.BPCHAR,
          PgOid.NUMERIC,
          PgOid.TIME,
          PgOid.TIMETZ,
          PgOid.TIMESTAMP,
          PgOid.TIMESTAMPTZ,
          PgOid.INTERVAL,
          PgOid.BIT,
          PgOid.VARBIT ->
          new Bound.Cast(
              Bound.CastKind.TYPMOD,
              0,
              value,
              target.withCollation(value.type().collation()),
              explicit,
              location);
      default -> value;
    };
  }

  /** A value as a condition: boolean or 42804 naming the clause. */
  Bound condition(Bound value, String clause, int location) {
    Bound result = toType(value, PgOid.BOOL, -1, Context.ASSIGNMENT, location);
    if (result == null || result.type().oid() != PgOid.BOOL) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "argument of " + clause + " must be type boolean, not type " + Names.type(value.type()));
    }
    return result;
  }

  /** LIMIT and OFFSET take bigint. */
  Bound rowCount(Bound value, String clause, int location) {
    Bound result = toType(value, PgOid.INT8, -1, Context.ASSIGNMENT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "argument of " + clause + " must be type bigint, not type " + Names.type(value.type()));
    }
    return result;
  }

  /** The common type of alternatives (CASE, COALESCE, VALUES, …); 42804 names the construct. */
  SqlType commonType(List<Bound> values, String construct, List<Integer> locations) {
    List<Integer> types = new ArrayList<>();
    for (Bound value : values) {
      types.add(value.type().oid());
    }
    boolean same = types.stream().allMatch(types.getFirst()::equals);
    if (!same) {
      types.replaceAll(PgTypes::baseOid);
    }
    int common = same ? types.getFirst() : context.resolver().commonType(types);
    if (same && common == PgOid.UNKNOWN) {
      common = PgOid.TEXT;
    }
    if (common == 0) {
      int chosen = PgOid.UNKNOWN;
      for (int i = 0; i < types.size(); i++) {
        int type = types.get(i);
        if (type == PgOid.UNKNOWN) {
          continue;
        }
        if (chosen == PgOid.UNKNOWN) {
          chosen = type;
        } else if (Resolver.categoryOf(type) != Resolver.categoryOf(chosen)) {
          throw context.error(
              ErrorCode.DATATYPE_MISMATCH,
              locations.get(i),
              construct
                  + " types "
                  + Names.type(chosen)
                  + " and "
                  + Names.type(type)
                  + " cannot be matched");
        }
      }
      throw context.error(ErrorCode.DATATYPE_MISMATCH, -1, construct + " types cannot be matched");
    }
    int typmod = -1;
    for (int i = 0; i < values.size(); i++) {
      SqlType type = values.get(i).type();
      if (type.oid() != common || (i > 0 && type.typmod() != typmod)) {
        return SqlType.of(common);
      }
      typmod = type.typmod();
    }
    return new SqlType(common, typmod);
  }

  /** One alternative as the common type. */
  Bound toCommon(Bound value, SqlType common, String construct, int location) {
    Bound result = toType(value, common.oid(), -1, Context.IMPLICIT, location);
    if (result == null) {
      throw context.error(
          ErrorCode.CANNOT_COERCE,
          location,
          construct
              + " could not convert type "
              + Names.type(value.type())
              + " to "
              + Names.type(common));
    }
    return result;
  }

  /** A value still unknown at the end of binding is text. */
  Bound settle(Bound value) {
    if (value.type().oid() != PgOid.UNKNOWN) {
      return value;
    }
    Bound text = toType(value, PgOid.TEXT, -1, Context.IMPLICIT, -1);
    return text == null ? value : text;
  }

  /** A value for a column (INSERT, UPDATE): 42804 when no assignment cast exists. */
  Bound assign(Bound value, SqlType target, String column, int location) {
    Bound result = coerce(value, target, Context.ASSIGNMENT, location);
    if (result == null) {
      throw context
          .error(
              ErrorCode.DATATYPE_MISMATCH,
              location,
              "column \""
                  + column
                  + "\" is of type "
                  + Names.type(target)
                  + " but expression is of type "
                  + Names.type(value.type()))
          .withHint("You will need to rewrite or cast the expression.");
    }
    return result;
  }
}
