package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Normal;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.plan.ExpressionBuilder.Env;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.KeyDemand;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to read an inverted index for a list of conditions.
 *
 * @param condition what is asked of the index
 * @param used the conditions that it comes from; none is decided by it
 */
record InvertedPath(IndexDescriptor index, KeyCondition condition, List<Bound> used) {
  /** Builds paths of one index. */
  private record Builder(
      TableDescriptor table,
      IndexDescriptor index,
      IndexCodec codec,
      IndexTerms terms,
      ExpressionBuilder expressions,
      Env none) {

    @Nullable KeyCondition condition(Bound condition) {
      return switch (condition) {
        case Bound.Logic logic -> {
          List<KeyCondition> parts = new ArrayList<>();
          for (Bound arg : logic.args()) {
            KeyCondition part = condition(arg);
            if (part != null) {
              parts.add(part);
            }
          }
          boolean tells = logic.and() ? !parts.isEmpty() : parts.size() == logic.args().size();
          yield tells ? KeyCondition.of(logic.and(), parts) : null;
        }
        case Bound.Call call when call.operator() != null && call.args().size() == 2 -> {
          Bound left = call.args().get(0);
          Bound right = call.args().get(1);
          KeyCondition straight = test(left, call.operator(), right);
          String flipped = flipped(call.operator());
          yield straight == null && flipped != null ? test(right, flipped, left) : straight;
        }
        case Bound.ArrayCompare compare when compare.any() && compare.operator().equals("=") ->
            element(compare);
        default -> null;
      };
    }

    private @Nullable KeyCondition test(Bound side, String operator, Bound operand) {
      for (int i = 0; i < index.columns().size(); i++) {
        InvertedClass by = index.columns().get(i).inverted();
        if (by != null
            && by.serves(operator)
            && isColumn(i, side)
            && (by != InvertedClass.ARRAY_OPS
                || table.keyType(index, i).isStoredLike(operand.type()))
            && isUsable(i, operator, operand)) {
          return new KeyCondition.Test(i, operator, expressions.build(operand, none));
        }
      }
      return null;
    }

    private @Nullable KeyCondition element(Bound.ArrayCompare compare) {
      for (int i = 0; i < index.columns().size(); i++) {
        if (index.columns().get(i).inverted() == InvertedClass.ARRAY_OPS
            && isColumn(i, compare.array())
            && elementType(table.keyType(index, i)).isStoredLike(compare.left().type())
            && isUsable(i, KeyCondition.Test.ELEMENT, compare.left())) {
          return new KeyCondition.Test(
              i, KeyCondition.Test.ELEMENT, expressions.build(compare.left(), none));
        }
      }
      return null;
    }

    private boolean isColumn(int position, Bound side) {
      int ordinal = table.keyOrdinal(index, position);
      int width = table.columns().size();
      return ordinal < width
          ? AccessPath.column(side) == ordinal
          : Normal.same(
              IndexTerms.withoutRelabel(terms.of(table).get(ordinal - width)),
              IndexTerms.withoutRelabel(side));
    }

    /** Whether an operand is known before rows are read, and may tell some from others. */
    private boolean isUsable(int position, String operator, Bound operand) {
      if (Bound.any(operand, e -> e instanceof Bound.Column) || Rewriter.isVolatile(operand)) {
        return false;
      }
      return !(operand instanceof Bound.Const known)
          || !codec.demand(position, operator, known.value()).equals(KeyDemand.NOTHING);
    }
  }

  /** The operator with its sides exchanged, or null. */
  static @Nullable String flipped(String operator) {
    return switch (operator) {
      case "@>" -> "<@";
      case "<@" -> "@>";
      case "&&", "=" -> operator;
      default -> null;
    };
  }

  static SqlType elementType(SqlType array) {
    return SqlType.of(PgTypes.byOid(PgTypes.base(array).oid()).elementOid())
        .withCollation(array.collation());
  }

  /** What the index can do for the conditions; null if nothing. */
  static @Nullable InvertedPath of(
      TableDescriptor table,
      IndexDescriptor index,
      List<Bound> conditions,
      IndexTerms terms,
      ExpressionBuilder expressions,
      Env none) {
    Builder builder =
        new Builder(
            table, index, new IndexCodec(RowCodec.of(table), index), terms, expressions, none);
    List<KeyCondition> parts = new ArrayList<>();
    List<Bound> used = new ArrayList<>();
    for (Bound condition : conditions) {
      KeyCondition part = builder.condition(condition);
      if (part != null) {
        parts.add(part);
        used.add(condition);
      }
    }
    return parts.isEmpty() ? null : new InvertedPath(index, KeyCondition.of(true, parts), used);
  }
}
