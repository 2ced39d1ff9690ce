package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What collation an expression has, as PostgreSQL derives it: that of a COLLATE clause in it
 * (explicit), else that of its columns (implicit), of which the database's own yields to others.
 * Operands are made to agree where they meet, so that whoever compares asks the type of any.
 */
final class CollationRules {
  private final BindContext context;

  CollationRules(BindContext context) {
    this.context = context;
  }

  /** {@code arg COLLATE name}. */
  Bound collate(Bound arg, CollateClause clause) {
    int location = clause.getLocation();
    Collation collation = context.collation(Names.strings(clause.getCollnameList()), location);
    ViewTrace trace = context.trace();
    if (trace != null && Collations.byOid(collation.oid()) == null) {
      trace.uses(clause, collation.oid());
    }
    if (!arg.type().isCollatable()) {
      throw context.error(
          ErrorCode.DATATYPE_MISMATCH,
          location,
          "collations are not supported by type " + Names.type(arg.type()));
    }
    return new Bound.Collate(arg, arg.type().withCollation(collation), true, location);
  }

  /** The operands of a call, ordered by the one collation that they give it. */
  List<Bound> agreed(List<Bound> operands) {
    if (operands.stream().allMatch(operand -> operand.type().collation() == null)) {
      return operands;
    }
    Collation common = common(operands);
    List<Bound> agreed = new ArrayList<>(operands.size());
    for (Bound operand : operands) {
      agreed.add(under(operand, common));
    }
    return agreed;
  }

  /** What a call of operands that agree returns. */
  static SqlType result(SqlType type, List<Bound> agreed) {
    for (Bound operand : agreed) {
      Collation collation = operand.type().collation();
      if (collation != null) {
        return type.isCollatable() ? type.withCollation(collation) : type;
      }
    }
    return type;
  }

  /** A value whose text is ordered by a collation, null for its type's own. */
  static Bound under(Bound value, @Nullable Collation collation) {
    SqlType type = value.type();
    if (Objects.equals(type.collation(), collation) || !type.isCollatable()) {
      return value;
    }
    SqlType collated = type.withCollation(collation);
    return switch (value) {
      case Bound.Const c -> new Bound.Const(c.value(), collated, c.location());
      case Bound.Param p -> new Bound.Param(p.number(), collated, p.location());
      case Bound.Cast c when type.collation() == null ->
          new Bound.Cast(c.kind(), c.function(), c.arg(), collated, c.explicit(), c.location());
      default -> new Bound.Collate(value, collated, false, -1);
    };
  }

  /** The collation that operands give what is made of them; 42P21 if COLLATE clauses disagree. */
  @Nullable Collation common(List<Bound> operands) {
    Collation common = null;
    boolean explicit = false;
    boolean conflict = false;
    for (Bound operand : operands) {
      Collation collation = operand.type().collation();
      if (collation == null) {
        continue;
      }
      boolean said = isExplicit(operand);
      if (said && explicit && !collation.equals(common)) {
        throw mismatch("explicit", common, collation, location(operand));
      } else if (said && !explicit) {
        common = collation;
        explicit = true;
        conflict = false;
      } else if (!explicit && !isDefault(collation)) {
        conflict |= !isDefault(common) && !collation.equals(common);
        common = collation;
      }
    }
    return conflict ? Collation.INDETERMINATE : common;
  }

  /** The collation of a column that two queries give, which must agree if {@code must}. */
  @Nullable Collation ofBoth(Bound left, Bound right, int location, boolean must) {
    Collation common = common(List.of(left, right));
    if (must && Collation.INDETERMINATE.equals(common)) {
      throw conflict(left.type().collation(), right.type().collation(), location);
    }
    return common;
  }

  private ShardForgeException conflict(@Nullable Collation a, @Nullable Collation b, int location) {
    return mismatch("implicit", a, b, location)
        .withHint(
            "You can choose the collation by applying the COLLATE clause to one or both"
                + " expressions.");
  }

  /** Refuses to order or group by a value whose columns have collations that differ (42P21). */
  void requireKnown(Bound value) {
    if (!Collation.INDETERMINATE.equals(value.type().collation())) {
      return;
    }
    List<Bound> columns = new ArrayList<>();
    addColumns(value, columns);
    Collation first = columns.isEmpty() ? null : columns.getFirst().type().collation();
    for (Bound column : columns) {
      if (!Objects.equals(first, column.type().collation())) {
        int location = column instanceof Bound.Column c ? c.location() : -1;
        throw conflict(first, column.type().collation(), location);
      }
    }
  }

  /** The parts from which an expression may have its collation. */
  private static void addColumns(Bound e, List<Bound> into) {
    if (e.operands().isEmpty()) {
      if (!isDefault(e.type().collation())
          && !Collation.INDETERMINATE.equals(e.type().collation())) {
        into.add(e);
      }
    } else {
      e.operands().forEach(operand -> addColumns(operand, into));
    }
  }

  private static boolean isDefault(@Nullable Collation collation) {
    return collation == null || collation.oid() == Collations.DEFAULT;
  }

  private ShardForgeException mismatch(
      String kind, @Nullable Collation a, @Nullable Collation b, int location) {
    return context.error(
        ErrorCode.COLLATION_MISMATCH,
        location,
        "collation mismatch between "
            + kind
            + " collations \""
            + context.collationName(a)
            + "\" and \""
            + context.collationName(b)
            + "\"");
  }

  /** Whether a COLLATE clause within the expression says what its collation is. */
  private static boolean isExplicit(Bound e) {
    if (e.type().collation() == null) {
      return false;
    }
    return switch (e) {
      case Bound.Collate c -> c.explicit() || isExplicit(c.arg());
      case Bound.SubQuery _, Bound.Field _ -> false;
      case Bound.Once o -> isExplicit(o.body());
      default -> e.operands().stream().anyMatch(CollationRules::isExplicit);
    };
  }

  private static int location(Bound e) {
    if (e instanceof Bound.Collate c && c.explicit()) {
      return c.location();
    }
    for (Bound operand : e.operands()) {
      if (isExplicit(operand)) {
        return location(operand);
      }
    }
    return -1;
  }
}
