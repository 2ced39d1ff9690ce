package io.shardforge.sql.bind;

import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.function.FrameShape;
import io.shardforge.sql.function.JsonRequest;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A bound expression: every name resolved, every operator and function a row of the function
 * tables, every implicit cast explicit. Columns are ordinals of the row that the enclosing {@link
 * Rel} gives it. Immutable.
 */
public sealed interface Bound {
  SqlType type();

  /** Direct operands; a subquery's are its test expressions and its correlation arguments. */
  default List<Bound> operands() {
    return List.of();
  }

  /** The same expression over other operands. */
  default Bound withOperands(List<Bound> operands) {
    return this;
  }

  /** A value known at bind time; a literal whose type is still open has type unknown. */
  record Const(@Nullable Object value, SqlType type, int location) implements Bound {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Const that
          && Objects.deepEquals(value, that.value)
          && type.equals(that.type)
          && location == that.location;
    }

    @Override
    public int hashCode() {
      return value instanceof byte[] bytes ? Arrays.hashCode(bytes) : Objects.hashCode(value);
    }
  }

  /** A parameter. */
  record Param(int number, SqlType type, int location) implements Bound {}

  /** A column of the current row. */
  record Column(int index, SqlType type, String name, int location) implements Bound {
    public Column at(int newIndex) {
      return new Column(newIndex, type, name, location);
    }
  }

  /** Argument {@code index} of the enclosing subquery or lateral item {@code correlation}. */
  record Outer(int correlation, int index, SqlType type) implements Bound {}

  /**
   * A function call; {@code operator} is what it was written with, for EXPLAIN and index matching.
   */
  record Call(
      int function,
      @Nullable String operator,
      List<Bound> args,
      SqlType type,
      boolean returnsSet,
      boolean variadicArray,
      int location)
      implements Bound {
    @Override
    public List<Bound> operands() {
      return args;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Call(function, operator, operands, type, returnsSet, variadicArray, location);
    }
  }

  /** AND or OR of two or more conditions. */
  record Logic(boolean and, List<Bound> args) implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return args;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Logic(and, operands);
    }
  }

  /** NOT. */
  record Not(Bound arg) implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Not(operands.getFirst());
    }
  }

  /** IS [NOT] NULL; of a row value when {@code ofRow}. */
  record NullTest(Bound arg, boolean isNull, boolean ofRow) implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new NullTest(operands.getFirst(), isNull, ofRow);
    }
  }

  /** IS [NOT] TRUE, FALSE; {@code value} null stands for UNKNOWN. */
  record TruthTest(Bound arg, @Nullable Boolean value, boolean negated) implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new TruthTest(operands.getFirst(), value, negated);
    }
  }

  /** IS [NOT] DISTINCT FROM by an equality function. */
  record Distinct(int equality, Bound left, Bound right, boolean negated) implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return List.of(left, right);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Distinct(equality, operands.get(0), operands.get(1), negated);
    }
  }

  /** A searched CASE: operands are condition, result, …, and the default last (never absent). */
  record Case(List<Bound> branches, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      return branches;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Case(operands, type);
    }
  }

  /** A value that is computed once and read by {@link OnceValue}s within the body. */
  record Once(Bound value, int number, Bound body) implements Bound {
    @Override
    public SqlType type() {
      return body.type();
    }

    @Override
    public List<Bound> operands() {
      return List.of(value, body);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Once(operands.get(0), number, operands.get(1));
    }
  }

  /** The value of the {@link Once} of that number around it. */
  record OnceValue(int number, SqlType type) implements Bound {}

  /** COALESCE. */
  record Coalesce(List<Bound> args, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      return args;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Coalesce(operands, type);
    }
  }

  /**
   * NULLIF: {@code left} unless it equals {@code right} (both as the equality function takes them).
   */
  record NullIf(int equality, Bound result, Bound left, Bound right) implements Bound {
    @Override
    public SqlType type() {
      return result.type();
    }

    @Override
    public List<Bound> operands() {
      return List.of(result, left, right);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new NullIf(equality, operands.get(0), operands.get(1), operands.get(2));
    }
  }

  /** GREATEST or LEAST. */
  record MinMax(boolean greatest, List<Bound> args, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      return args;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new MinMax(greatest, operands, type);
    }
  }

  /** {@code left op ANY/ALL (array)}; IN lists are ANY of an array of their elements. */
  record ArrayCompare(
      int function, String operator, boolean any, Bound left, Bound array, int location)
      implements Bound {
    @Override
    public SqlType type() {
      return Types.BOOL;
    }

    @Override
    public List<Bound> operands() {
      return List.of(left, array);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new ArrayCompare(function, operator, any, operands.get(0), operands.get(1), location);
    }
  }

  /** How a cast is done. */
  enum CastKind {
    /** Same representation, another type. */
    RELABEL,
    /** Through the text form. */
    IO,
    /** By a cast function. */
    FUNCTION,
    /** Element by element. */
    ARRAY,
    /** The value fitted to the type's modifier. */
    TYPMOD
  }

  /** A cast, explicit or implicit. {@code function} is 0 unless the kind is FUNCTION. */
  record Cast(CastKind kind, int function, Bound arg, SqlType type, boolean explicit, int location)
      implements Bound {
    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Cast(kind, function, operands.getFirst(), type, explicit, location);
    }
  }

  /**
   * A value whose text is ordered by another collation.
   *
   * @param explicit whether a COLLATE clause says so, and not what it is compared with
   */
  record Collate(Bound arg, SqlType type, boolean explicit, int location) implements Bound {
    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Collate(operands.getFirst(), type, explicit, location);
    }
  }

  /**
   * A value judged by a domain's rules.
   *
   * @param each whether it is an array, whose elements are judged
   * @param rules those of the domain that it is over first
   */
  record ToDomain(Bound arg, boolean each, List<DomainRules> rules, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      return List.of(arg);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new ToDomain(operands.getFirst(), each, rules, type);
    }
  }

  /**
   * What a domain demands.
   *
   * @param checks over the value as column 0
   */
  record DomainRules(DomainDescriptor domain, List<Bound> checks) {}

  /**
   * JSON_EXISTS, JSON_QUERY or JSON_VALUE.
   *
   * @param number of the {@link OnceValue} by which {@code made} reads what was found
   * @param made what was found, as the wanted type
   */
  record JsonSearch(
      JsonRequest request,
      Bound document,
      Bound path,
      Bound variables,
      int number,
      Bound made,
      JsonAnswer onEmpty,
      JsonAnswer onError,
      SqlType type)
      implements Bound {
    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>(List.of(document, path, variables, made));
      for (JsonAnswer answer : List.of(onEmpty, onError)) {
        if (answer.value != null) {
          all.add(answer.value);
        }
      }
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      Iterator<Bound> next = operands.iterator();
      return new JsonSearch(
          request,
          next.next(),
          next.next(),
          next.next(),
          number,
          next.next(),
          onEmpty.with(next),
          onError.with(next),
          type);
    }
  }

  /**
   * What a search in JSON answers where nothing is found or something is wrong.
   *
   * @param value null for an error
   * @param found whether the value is taken like one that was found
   */
  record JsonAnswer(String words, @Nullable Bound value, boolean found) {
    private JsonAnswer with(Iterator<Bound> operands) {
      return value == null ? this : new JsonAnswer(words, operands.next(), found);
    }
  }

  /** ARRAY[…]; {@code multi} when the elements are arrays themselves. */
  record ArrayOf(List<Bound> elements, SqlType type, boolean multi, int location) implements Bound {
    @Override
    public List<Bound> operands() {
      return elements;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new ArrayOf(operands, type, multi, location);
    }
  }

  /** ROW(…). */
  record RowOf(List<Bound> fields, List<String> names, SqlType type, int location)
      implements Bound {
    /** What a field is called, by ordinal. */
    String nameOf(int index) {
      return names.isEmpty() ? "f" + (index + 1) : names.get(index);
    }

    @Override
    public List<Bound> operands() {
      return fields;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new RowOf(operands, names, type, location);
    }
  }

  /**
   * {@code base[i][j]} or, with slices, {@code base[i:k]}: operands are the base and per dimension
   * lower and upper (absent bounds are null constants of type int4 with {@code present} false).
   */
  record Subscript(
      Bound base,
      List<Bound> lower,
      List<Bound> upper,
      boolean slice,
      List<Boolean> present,
      SqlType type)
      implements Bound {
    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>();
      all.add(base);
      all.addAll(lower);
      all.addAll(upper);
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      int n = lower.size();
      return new Subscript(
          operands.getFirst(),
          List.copyOf(operands.subList(1, 1 + n)),
          List.copyOf(operands.subList(1 + n, operands.size())),
          slice,
          present,
          type);
    }
  }

  /** The base of a part with another value at that part: what an assignment to it makes. */
  record Store(Subscript part, Bound value, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>(part.operands());
      all.add(value);
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Store(
          (Subscript) part.withOperands(operands.subList(0, operands.size() - 1)),
          operands.getLast(),
          type);
    }
  }

  /** A field of a row value by ordinal. */
  record Field(Bound row, int index, SqlType type) implements Bound {
    @Override
    public List<Bound> operands() {
      return List.of(row);
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new Field(operands.getFirst(), index, type);
    }
  }

  /** What a subquery in an expression gives. */
  enum SubQueryKind {
    SCALAR,
    EXISTS,
    ANY,
    ALL,
    ARRAY
  }

  /**
   * A subquery: {@code args} are what its {@link Outer} references of {@code correlation} stand
   * for. ANY and ALL compare {@code left}, field by field, with the query's columns by {@code
   * functions}, joined by AND (equality), OR (inequality) or in row order.
   */
  record SubQuery(
      SubQueryKind kind,
      Rel query,
      int correlation,
      List<Bound> args,
      List<Bound> left,
      List<Integer> functions,
      String operator,
      SqlType type,
      int location)
      implements Bound {
    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>(args);
      all.addAll(left);
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      return new SubQuery(
          kind,
          query,
          correlation,
          List.copyOf(operands.subList(0, args.size())),
          List.copyOf(operands.subList(args.size(), operands.size())),
          functions,
          operator,
          type,
          location);
    }

    /** The same question of another query, whose references take these arguments. */
    public SubQuery over(Rel other, List<Bound> arguments) {
      return new SubQuery(
          kind, other, correlation, arguments, left, functions, operator, type, location);
    }
  }

  /**
   * An aggregate of the current query level, before grouping replaces it by a column.
   *
   * @param direct how many of the arguments have one value a group: those ahead of WITHIN GROUP
   */
  record Aggregate(
      int function,
      List<Bound> args,
      int direct,
      boolean star,
      boolean distinct,
      @Nullable Bound filter,
      List<Order> order,
      SqlType type,
      int location)
      implements Bound {
    /**
     * Stands for a function: GROUPING, which says by which of its arguments a row is not grouped.
     */
    static final int GROUPING = 0;

    /** The same for those of its rows only that satisfy another condition too. */
    Aggregate filteredBy(Bound condition) {
      Bound both = filter == null ? condition : new Logic(true, List.of(filter, condition));
      return new Aggregate(function, args, direct, star, distinct, both, order, type, location);
    }

    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>(args);
      if (filter != null) {
        all.add(filter);
      }
      for (Order key : order) {
        all.add(key.expression);
      }
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      int n = args.size();
      Bound newFilter = filter == null ? null : operands.get(n);
      int from = filter == null ? n : n + 1;
      List<Order> newOrder = new ArrayList<>();
      for (int i = 0; i < order.size(); i++) {
        Order key = order.get(i);
        newOrder.add(new Order(operands.get(from + i), key.descending, key.nullsFirst));
      }
      return new Aggregate(
          function,
          List.copyOf(operands.subList(0, n)),
          direct,
          star,
          distinct,
          newFilter,
          newOrder,
          type,
          location);
    }
  }

  /** A window: how rows are partitioned, ordered and framed for the calls over it. */
  record Window(
      List<Bound> partition,
      List<Order> order,
      FrameShape frame,
      @Nullable Bound startOffset,
      @Nullable Bound endOffset) {
    void addOperands(List<Bound> all) {
      all.addAll(partition);
      for (Order key : order) {
        all.add(key.expression);
      }
      if (startOffset != null) {
        all.add(startOffset);
      }
      if (endOffset != null) {
        all.add(endOffset);
      }
    }

    Window withOperands(Iterator<Bound> operands) {
      List<Bound> newPartition = new ArrayList<>();
      for (int i = 0; i < partition.size(); i++) {
        newPartition.add(operands.next());
      }
      List<Order> newOrder = new ArrayList<>();
      for (Order key : order) {
        newOrder.add(new Order(operands.next(), key.descending, key.nullsFirst));
      }
      Bound start = startOffset == null ? null : operands.next();
      Bound end = endOffset == null ? null : operands.next();
      return new Window(newPartition, newOrder, frame, start, end);
    }
  }

  /**
   * A call of a window function, or of an aggregate over a frame, before windowing replaces it by a
   * column.
   */
  record WindowCall(
      int function,
      boolean aggregate,
      List<Bound> args,
      @Nullable Bound filter,
      Window window,
      SqlType type,
      int location)
      implements Bound {
    @Override
    public List<Bound> operands() {
      List<Bound> all = new ArrayList<>(args);
      if (filter != null) {
        all.add(filter);
      }
      window.addOperands(all);
      return all;
    }

    @Override
    public Bound withOperands(List<Bound> operands) {
      Iterator<Bound> rest = operands.iterator();
      List<Bound> newArgs = new ArrayList<>();
      for (int i = 0; i < args.size(); i++) {
        newArgs.add(rest.next());
      }
      Bound newFilter = filter == null ? null : rest.next();
      return new WindowCall(
          function, aggregate, newArgs, newFilter, window.withOperands(rest), type, location);
    }
  }

  /** A sort key by expression. */
  record Order(Bound expression, boolean descending, boolean nullsFirst) {}

  /** The expression with each column, at any depth, replaced. */
  static Bound mapColumns(Bound expression, UnaryOperator<Bound> column) {
    if (expression instanceof Column) {
      return column.apply(expression);
    }
    List<Bound> operands = expression.operands();
    if (operands.isEmpty()) {
      return expression;
    }
    List<Bound> mapped = new ArrayList<>(operands.size());
    for (Bound operand : operands) {
      mapped.add(mapColumns(operand, column));
    }
    return expression.withOperands(mapped);
  }

  /** The expression with every column's ordinal moved by an offset. */
  static Bound shift(Bound expression, int offset) {
    return offset == 0
        ? expression
        : mapColumns(expression, c -> ((Column) c).at(((Column) c).index() + offset));
  }

  /** True if any part of the expression, not looking into subqueries, satisfies the predicate. */
  static boolean any(Bound expression, java.util.function.Predicate<Bound> predicate) {
    if (predicate.test(expression)) {
      return true;
    }
    for (Bound operand : expression.operands()) {
      if (any(operand, predicate)) {
        return true;
      }
    }
    return false;
  }

  /** Adds the ordinals of the columns that the expression reads. */
  static void columns(Bound expression, java.util.BitSet into) {
    if (expression instanceof Column c) {
      into.set(c.index());
    }
    for (Bound operand : expression.operands()) {
      columns(operand, into);
    }
  }

  /** Splits an AND into its conditions; a null condition has none. */
  static List<Bound> conjuncts(@Nullable Bound condition) {
    List<Bound> result = new ArrayList<>();
    addConjuncts(condition, result);
    return result;
  }

  private static void addConjuncts(@Nullable Bound condition, List<Bound> into) {
    if (condition instanceof Logic logic && logic.and()) {
      for (Bound arg : logic.args()) {
        addConjuncts(arg, into);
      }
    } else if (condition != null) {
      into.add(condition);
    }
  }

  /** The AND of conditions, null for none. */
  static @Nullable Bound and(List<Bound> conditions) {
    return switch (conditions.size()) {
      case 0 -> null;
      case 1 -> conditions.getFirst();
      default -> new Logic(true, List.copyOf(conditions));
    };
  }
}
