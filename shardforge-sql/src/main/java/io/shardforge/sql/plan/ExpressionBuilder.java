package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import io.shardforge.sql.bind.Rels;
import io.shardforge.sql.expr.And;
import io.shardforge.sql.expr.ArrayExpression;
import io.shardforge.sql.expr.BooleanTest;
import io.shardforge.sql.expr.Case;
import io.shardforge.sql.expr.Coalesce;
import io.shardforge.sql.expr.ColumnRef;
import io.shardforge.sql.expr.Constant;
import io.shardforge.sql.expr.DomainCheck;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.FieldSelect;
import io.shardforge.sql.expr.IsDistinctFrom;
import io.shardforge.sql.expr.IsNull;
import io.shardforge.sql.expr.MinMax;
import io.shardforge.sql.expr.Not;
import io.shardforge.sql.expr.NullIf;
import io.shardforge.sql.expr.Once;
import io.shardforge.sql.expr.Or;
import io.shardforge.sql.expr.OuterRef;
import io.shardforge.sql.expr.ParameterRef;
import io.shardforge.sql.expr.PartStore;
import io.shardforge.sql.expr.Relabel;
import io.shardforge.sql.expr.RowExpression;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.expr.SubPlan;
import io.shardforge.sql.expr.Subscript;
import io.shardforge.sql.function.CallTypes;
import io.shardforge.sql.function.CastContext;
import io.shardforge.sql.function.Casts;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.JsonSearch;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns bound expressions into executable ones over the columns that a plan node really has. */
final class ExpressionBuilder {
  private static final int NO_CORRELATION = -1;

  /**
   * Where columns of the current row are, and what correlation arguments stand for.
   *
   * @param columns the place of each column, negative for one that is not there
   * @param outer per correlation, what reads its arguments
   * @param correlation when not negative, columns are read from that outer row
   */
  record Env(int[] columns, Map<Integer, List<Expression>> outer, int correlation) {
    static final Env EMPTY = new Env(new int[0], Map.of(), NO_CORRELATION);

    Env with(int[] newColumns) {
      return new Env(newColumns, outer, correlation);
    }

    /** The environment inside of what reads a value computed once. */
    Env withOnce(int number, SqlType type) {
      Map<Integer, List<Expression>> more = new HashMap<>(outer);
      more.put(number, List.of(new OuterRef(type, number, 0)));
      return new Env(columns, more, correlation);
    }

    /** The environment inside a correlated subquery or the right side of a lateral join. */
    Env inside(int newCorrelation, List<Expression> args) {
      Map<Integer, List<Expression>> more = new HashMap<>(outer);
      more.put(newCorrelation, args);
      return new Env(new int[0], more, NO_CORRELATION);
    }
  }

  private final PhysicalPlanner planner;

  ExpressionBuilder(PhysicalPlanner planner) {
    this.planner = planner;
  }

  List<Expression> buildAll(List<? extends Bound> expressions, Env env) {
    List<Expression> built = new ArrayList<>(expressions.size());
    for (Bound e : expressions) {
      built.add(build(e, env));
    }
    return built;
  }

  /**
   * What the arguments of a correlation look like from inside of it: columns of an outer row are
   * read from that row there too.
   */
  List<Expression> outerArgs(List<Bound> args, Env env, int correlation) {
    int from = env.correlation == NO_CORRELATION ? correlation : env.correlation;
    return buildAll(args, new Env(env.columns, env.outer, from));
  }

  /**
   * Conditions that a row has to meet, null if there are none. As PostgreSQL has it, the cheapest
   * are asked first, and none after one that is not true: what fails on some rows is not asked
   * about those that something cheaper leaves out.
   */
  @Nullable Expression condition(List<Bound> conditions, Env env) {
    List<Bound> ordered =
        conditions.stream().sorted(Comparator.comparingDouble(Effort::of)).toList();
    return switch (ordered.size()) {
      case 0 -> null;
      case 1 -> build(ordered.getFirst(), env);
      default -> new And(buildAll(ordered, env), true);
    };
  }

  Expression build(Bound e, Env env) {
    return switch (e) {
      case Bound.Const c -> new Constant(c.type(), c.value());
      case Bound.Param p -> new ParameterRef(p.type(), p.number());
      case Bound.Column c -> column(c, env);
      case Bound.Outer o ->
          Objects.requireNonNull(env.outer.get(o.correlation()), "correlation").get(o.index());
      case Bound.Call c ->
          FunctionRegistry.call(c.function(), buildAll(c.args(), env), c.type(), c.variadicArray());
      case Bound.Logic l ->
          l.and() ? new And(buildAll(l.args(), env)) : new Or(buildAll(l.args(), env));
      case Bound.Not n -> new Not(build(n.arg(), env));
      case Bound.NullTest n -> new IsNull(build(n.arg(), env), !n.isNull());
      case Bound.TruthTest t -> new BooleanTest(build(t.arg(), env), kind(t));
      case Bound.Distinct d ->
          new IsDistinctFrom(
              build(d.left(), env),
              build(d.right(), env),
              operator(d.equality(), d.left().type(), d.right().type()),
              d.negated());
      case Bound.Case c -> caseOf(c, env);
      case Bound.Once o ->
          new Once(
              build(o.value(), env),
              o.number(),
              build(o.body(), env.withOnce(o.number(), o.value().type())));
      case Bound.JsonSearch s ->
          new JsonSearch(
              s.type(),
              s.request(),
              buildAll(List.of(s.document(), s.path(), s.variables()), env),
              s.number(),
              build(s.made(), env.withOnce(s.number(), s.request().readType())),
              answer(s.onEmpty(), env),
              answer(s.onError(), env));
      case Bound.OnceValue v ->
          Objects.requireNonNull(env.outer.get(v.number()), "number").getFirst();
      case Bound.Coalesce c -> new Coalesce(c.type(), buildAll(c.args(), env));
      case Bound.NullIf n ->
          new NullIf(
              build(n.left(), env),
              build(n.right(), env),
              build(n.result(), env),
              operator(n.equality(), n.left().type(), n.right().type()));
      case Bound.MinMax m -> new MinMax(m.type(), m.greatest(), buildAll(m.args(), env));
      case Bound.ArrayCompare a -> {
        SqlType element = SqlType.of(PgTypes.byOid(a.array().type().oid()).elementOid());
        Expression operand = build(a.left(), env);
        yield FunctionRegistry.arrayOp(
            a.function(), operand, build(a.array(), env), element, a.any());
      }
      case Bound.Cast c -> collated(cast(c, env), c.type());
      case Bound.Collate c -> collated(build(c.arg(), env), c.type());
      case Bound.ToDomain d ->
          new DomainCheck(
              d.type(),
              build(d.arg(), env),
              d.each(),
              d.rules().stream().anyMatch(rules -> rules.domain().notNull()),
              rules(d));
      case Bound.ArrayOf a ->
          new ArrayExpression(
              a.type(),
              PgTypes.byOid(a.type().oid()).elementOid(),
              buildAll(a.elements(), env),
              a.multi());
      case Bound.RowOf r -> new RowExpression(buildAll(r.fields(), env), r.names());
      case Bound.Subscript s ->
          new Subscript(s.type(), build(s.base(), env), brackets(s, env), s.slice());
      case Bound.Store s ->
          new PartStore(
              s.type(),
              build(s.part().base(), env),
              brackets(s.part(), env),
              s.part().slice(),
              build(s.value(), env));
      case Bound.Field f -> new FieldSelect(f.type(), build(f.row(), env), f.index());
      case Bound.SubQuery s -> subPlan(s, env);
      case Bound.Aggregate _ ->
          throw new IllegalStateException("an aggregate outside of a grouping");
      case Bound.WindowCall _ ->
          throw new IllegalStateException("a window call outside of a windowing");
    };
  }

  private JsonSearch.Answer answer(Bound.JsonAnswer answer, Env env) {
    Bound value = answer.value();
    return new JsonSearch.Answer(
        answer.words(), value == null ? null : build(value, env), answer.found());
  }

  private static Expression column(Bound.Column c, Env env) {
    int at = c.index() < env.columns.length ? env.columns[c.index()] : -1;
    if (at < 0) {
      throw new IllegalStateException("column " + c.index() + " is not there");
    }
    return env.correlation == NO_CORRELATION
        ? new ColumnRef(c.type(), at)
        : new OuterRef(c.type(), env.correlation, at);
  }

  private static BooleanTest.Kind kind(Bound.TruthTest test) {
    Boolean value = test.value();
    if (value == null) {
      return test.negated() ? BooleanTest.Kind.IS_NOT_UNKNOWN : BooleanTest.Kind.IS_UNKNOWN;
    }
    if (value) {
      return test.negated() ? BooleanTest.Kind.IS_NOT_TRUE : BooleanTest.Kind.IS_TRUE;
    }
    return test.negated() ? BooleanTest.Kind.IS_NOT_FALSE : BooleanTest.Kind.IS_FALSE;
  }

  /** A value as text that the type's collation orders. */
  private static Expression collated(Expression value, SqlType type) {
    return Objects.equals(value.type().collation(), type.collation())
        ? value
        : new Relabel(value.type().withCollation(type.collation()), value);
  }

  private static ScalarFunction operator(int function, SqlType left, SqlType right) {
    return FunctionRegistry.scalar(
        function, new CallTypes(List.of(left, right), SqlType.of(PgOid.BOOL), false));
  }

  static boolean isStrict(int oid) {
    PgFunction function = FunctionRegistry.function(oid);
    return function != null && function.strict();
  }

  private Expression caseOf(Bound.Case c, Env env) {
    List<Case.When> branches = new ArrayList<>();
    int last = c.branches().size() - 1;
    for (int i = 0; i < last; i += 2) {
      branches.add(
          new Case.When(build(c.branches().get(i), env), build(c.branches().get(i + 1), env)));
    }
    return new Case(c.type(), branches, build(c.branches().get(last), env));
  }

  /** The rules of a domain and of those under it, which are all told as the domain's own. */
  private List<DomainCheck.Check> rules(Bound.ToDomain domain) {
    Env value = Env.EMPTY.with(Planned.identity(1));
    List<DomainCheck.Check> checks = new ArrayList<>();
    for (Bound.DomainRules rules : domain.rules()) {
      for (int i = 0; i < rules.checks().size(); i++) {
        checks.add(
            new DomainCheck.Check(
                rules.domain().checks().get(i).name(), build(rules.checks().get(i), value)));
      }
    }
    return checks;
  }

  private Expression cast(Bound.Cast c, Env env) {
    Expression arg = build(c.arg(), env);
    CastContext context = c.explicit() ? CastContext.EXPLICIT : CastContext.ASSIGNMENT;
    return switch (c.kind()) {
      case TYPMOD, FUNCTION -> Casts.cast(arg, c.type(), context);
      case RELABEL, IO, ARRAY -> Casts.cast(arg, SqlType.of(c.type().oid()), context);
    };
  }

  private List<Subscript.Bracket> brackets(Bound.Subscript s, Env env) {
    List<Subscript.Bracket> brackets = new ArrayList<>();
    for (int i = 0; i < s.lower().size(); i++) {
      Expression lower = s.present().get(2 * i) ? build(s.lower().get(i), env) : null;
      Expression upper = s.present().get(2 * i + 1) ? build(s.upper().get(i), env) : null;
      brackets.add(new Subscript.Bracket(lower, upper));
    }
    return brackets;
  }

  private Expression subPlan(Bound.SubQuery s, Env env) {
    boolean correlated = !s.args().isEmpty() || !Rels.freeCorrelations(s.query()).isEmpty();
    List<Expression> args = outerArgs(s.args(), env, s.correlation());
    PlanNode plan = planner.planInner(s.query(), env.inside(s.correlation(), args));
    List<ScalarFunction> operators = new ArrayList<>();
    for (int i = 0; i < s.functions().size(); i++) {
      operators.add(
          operator(s.functions().get(i), s.left().get(i).type(), s.query().types().get(i)));
    }
    return new SubPlan(
        s.type(),
        switch (s.kind()) {
          case SCALAR -> SubPlan.Kind.SCALAR;
          case EXISTS -> SubPlan.Kind.EXISTS;
          case ANY -> SubPlan.Kind.ANY;
          case ALL -> SubPlan.Kind.ALL;
          case ARRAY ->
              PgTypes.baseOid(s.query().types().getFirst().oid()) == s.type().oid()
                  ? SubPlan.Kind.STACKED
                  : SubPlan.Kind.ARRAY;
        },
        plan,
        correlated ? s.correlation() : SubPlan.UNCORRELATED,
        buildAll(s.left(), env),
        operators,
        s.operator().equals("<>"));
  }
}
