package io.shardforge.sql.bind;

import java.util.ArrayList;
import java.util.List;

/** Expressions without what does not matter for equality: places in the text and spellings. */
public final class Normal {
  private Normal() {}

  /** True if both compute the same. */
  public static boolean same(Bound a, Bound b) {
    return of(a).equals(of(b));
  }

  public static Bound of(Bound e) {
    List<Bound> operands = e.operands();
    Bound n = e;
    if (!operands.isEmpty()) {
      List<Bound> normal = new ArrayList<>(operands.size());
      for (Bound operand : operands) {
        normal.add(of(operand));
      }
      n = e.withOperands(normal);
    }
    return switch (n) {
      case Bound.Const c -> new Bound.Const(c.value(), c.type(), -1);
      case Bound.Param p -> new Bound.Param(p.number(), p.type(), -1);
      case Bound.Column c -> new Bound.Column(c.index(), c.type(), "", -1);
      case Bound.Call c ->
          new Bound.Call(
              c.function(), null, c.args(), c.type(), c.returnsSet(), c.variadicArray(), -1);
      case Bound.ArrayCompare c ->
          new Bound.ArrayCompare(c.function(), "", c.any(), c.left(), c.array(), -1);
      case Bound.Cast c ->
          new Bound.Cast(c.kind(), c.function(), c.arg(), c.type(), c.explicit(), -1);
      case Bound.ArrayOf a -> new Bound.ArrayOf(a.elements(), a.type(), a.multi(), -1);
      case Bound.RowOf r -> new Bound.RowOf(r.fields(), List.of(), r.type(), -1);
      case Bound.Aggregate a ->
          new Bound.Aggregate(
              a.function(), a.args(), a.star(), a.distinct(), a.filter(), a.order(), a.type(), -1);
      case Bound.WindowCall w ->
          new Bound.WindowCall(
              w.function(), w.aggregate(), w.args(), w.filter(), w.window(), w.type(), -1);
      case Bound.SubQuery s ->
          new Bound.SubQuery(
              s.kind(),
              s.query(),
              s.correlation(),
              s.args(),
              s.left(),
              s.functions(),
              s.operator(),
              s.type(),
              -1);
      case Bound.Outer _,
          Bound.Logic _,
          Bound.Not _,
          Bound.NullTest _,
          Bound.TruthTest _,
          Bound.Distinct _,
          Bound.Case _,
          Bound.Coalesce _,
          Bound.NullIf _,
          Bound.MinMax _,
          Bound.ToDomain _,
          Bound.Subscript _,
          Bound.Field _ ->
          n;
    };
  }
}
