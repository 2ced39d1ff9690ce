package io.shardforge.sql.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Expressions without what does not matter for equality: places in the text, spellings, and the
 * numbers by which queries inside of them name what is around them and what they compute once.
 */
public final class Normal {
  private final Map<Integer, Integer> correlations = new HashMap<>();
  private final Map<Integer, Integer> ctes = new HashMap<>();

  private Normal() {}

  /** True if both compute the same. */
  public static boolean same(Bound a, Bound b) {
    return of(a).equals(of(b));
  }

  public static Bound of(Bound e) {
    return new Normal().normal(e);
  }

  private Bound normal(Bound e) {
    List<Bound> operands = e.operands();
    Bound n = e;
    if (!operands.isEmpty()) {
      List<Bound> normal = new ArrayList<>(operands.size());
      for (Bound operand : operands) {
        normal.add(normal(operand));
      }
      n = e.withOperands(normal);
    }
    return switch (n) {
      case Bound.Const c -> new Bound.Const(c.value(), c.type(), -1);
      case Bound.Param p -> new Bound.Param(p.number(), p.type(), -1);
      case Bound.Column c -> new Bound.Column(c.index(), c.type(), "", -1);
      case Bound.Outer o ->
          new Bound.Outer(
              correlations.getOrDefault(o.correlation(), o.correlation()), o.index(), o.type());
      case Bound.Once o ->
          new Bound.Once(o.value(), renumbered(correlations, o.number()), o.body());
      case Bound.JsonSearch s ->
          new Bound.JsonSearch(
              s.request(),
              s.document(),
              s.path(),
              s.variables(),
              renumbered(correlations, s.number()),
              s.made(),
              s.onEmpty(),
              s.onError(),
              s.type());
      case Bound.OnceValue v -> new Bound.OnceValue(renumbered(correlations, v.number()), v.type());
      case Bound.Call c ->
          new Bound.Call(
              c.function(), null, c.args(), c.type(), c.returnsSet(), c.variadicArray(), -1);
      case Bound.ArrayCompare c ->
          new Bound.ArrayCompare(c.function(), "", c.any(), c.left(), c.array(), -1);
      case Bound.Cast c ->
          new Bound.Cast(c.kind(), c.function(), c.arg(), c.type(), c.explicit(), -1);
      case Bound.Collate c -> new Bound.Collate(c.arg(), c.type(), false, -1);
      case Bound.ArrayOf a -> new Bound.ArrayOf(a.elements(), a.type(), a.multi(), -1);
      case Bound.RowOf r -> new Bound.RowOf(r.fields(), List.of(), r.type(), -1);
      case Bound.Aggregate a ->
          new Bound.Aggregate(
              a.function(),
              a.args(),
              a.direct(),
              a.star(),
              a.distinct(),
              a.filter(),
              a.order(),
              a.type(),
              -1);
      case Bound.WindowCall w ->
          new Bound.WindowCall(
              w.function(), w.aggregate(), w.args(), w.filter(), w.window(), w.type(), -1);
      case Bound.SubQuery s -> {
        int correlation = renumbered(correlations, s.correlation());
        yield new Bound.SubQuery(
            s.kind(),
            normal(s.query()),
            correlation,
            s.args(),
            s.left(),
            s.functions(),
            s.operator(),
            s.type(),
            -1);
      }
      case Bound.Logic _,
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
          Bound.Store _,
          Bound.Field _ ->
          n;
    };
  }

  /** The number that something inside of the expression has by its place there: a negative one. */
  private static int renumbered(Map<Integer, Integer> numbers, int number) {
    return numbers.computeIfAbsent(number, _ -> -1 - numbers.size());
  }

  private Rel normal(Rel rel) {
    Rel numbered =
        switch (rel) {
          case Rel.Lateral l ->
              new Rel.Lateral(
                  l.kind(),
                  l.left(),
                  l.right(),
                  renumbered(correlations, l.correlation()),
                  l.args(),
                  l.condition());
          case Rel.With w ->
              new Rel.With(w.ctes().stream().map(this::renumbered).toList(), w.body());
          case Rel.CteScan s ->
              new Rel.CteScan(ctes.getOrDefault(s.id(), s.id()), s.name(), s.alias(), s.types());
          default -> rel;
        };
    List<Rel> inputs = Rels.inputs(numbered).stream().map(this::normal).toList();
    return Rels.mapExpressions(Rels.withInputs(numbered, inputs), this::normal);
  }

  private Rel.Cte renumbered(Rel.Cte cte) {
    return new Rel.Cte(
        renumbered(ctes, cte.id()),
        cte.name(),
        cte.query(),
        cte.step(),
        cte.unionAll(),
        cte.inline(),
        cte.always());
  }
}
