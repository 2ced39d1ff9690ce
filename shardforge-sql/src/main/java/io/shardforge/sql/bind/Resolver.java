package io.shardforge.sql.bind;

import io.shardforge.sql.bind.FunctionTables.CastRow;
import io.shardforge.sql.bind.FunctionTables.Op;
import io.shardforge.sql.bind.FunctionTables.Proc;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's overload resolution over the function tables: which operator, function or cast a
 * combination of argument types means (chapter "Type Conversion" of its documentation). Pure.
 */
public final class Resolver {
  /** How eagerly a cast may be applied. */
  enum Context {
    IMPLICIT,
    ASSIGNMENT,
    EXPLICIT
  }

  /** A way from one type to another. */
  record Path(Bound.CastKind kind, int function) {
    static final Path RELABEL = new Path(Bound.CastKind.RELABEL, 0);
    static final Path IO = new Path(Bound.CastKind.IO, 0);
  }

  /** The outcome of a search among overloads: none, several that are equally good, or one. */
  record Found<T>(@Nullable T match, boolean ambiguous) {}

  /**
   * A function with the argument types that a call gives it (variadic and defaults expanded).
   *
   * @param positions which of the function's arguments each given one is
   */
  record Candidate(
      Proc proc, List<Integer> argTypes, List<Integer> positions, boolean expandedVariadic) {
    /** A call whose arguments have no names. */
    Candidate(Proc proc, List<Integer> argTypes, boolean expandedVariadic) {
      this(proc, argTypes, indices(argTypes.size()), expandedVariadic);
    }
  }

  private final FunctionTables tables;

  public Resolver(FunctionTables tables) {
    this.tables = tables;
  }

  FunctionTables tables() {
    return tables;
  }

  // Casts.

  /** The cast from one type to another, null if there is none in this context. */
  @Nullable Path castPath(int declaredSource, int declaredTarget, Context context) {
    int source = PgTypes.baseOid(declaredSource);
    int target = PgTypes.baseOid(declaredTarget);
    if (source == target) {
      return Path.RELABEL;
    }
    CastRow row = tables.cast(source, target);
    if (row != null) {
      boolean allowed =
          switch (row.context()) {
            case 'i' -> true;
            case 'a' -> context != Context.IMPLICIT;
            default -> context == Context.EXPLICIT;
          };
      if (!allowed) {
        return null;
      }
      return switch (row.method()) {
        case 'b' -> Path.RELABEL;
        case 'i' -> Path.IO;
        default -> new Path(Bound.CastKind.FUNCTION, row.function());
      };
    }
    PgType from = PgTypes.find(source);
    PgType to = PgTypes.find(target);
    if (from == null || to == null) {
      return null;
    }
    if (from.isArray() && isTrueArray(to)) {
      Path element = castPath(from.elementOid(), to.elementOid(), context);
      if (element != null) {
        return element.kind == Bound.CastKind.RELABEL
            ? Path.RELABEL
            : new Path(Bound.CastKind.ARRAY, element.function);
      }
    }
    if (context != Context.IMPLICIT
        && to.category() == 'S'
        && (!from.isPseudo() || source == PgOid.RECORD || source == PgOid.ANYARRAY)) {
      return Path.IO;
    }
    if (context == Context.EXPLICIT && from.category() == 'S' && !to.isPseudo()) {
      return Path.IO;
    }
    return null;
  }

  /** Not int2vector and oidvector, which are types of their own. */
  static boolean isTrueArray(PgType type) {
    return type.isArray() && type.name().startsWith("_");
  }

  boolean canCoerce(int source, int target, Context context) {
    if (source == target || target == PgOid.ANY) {
      return true;
    }
    if (isPolymorphic(target)) {
      return true;
    }
    if (source == PgOid.UNKNOWN) {
      return true;
    }
    PgType to = PgTypes.find(target);
    if (source == PgOid.RECORD && target == PgOid.RECORD) {
      return true;
    }
    if (to != null && to.row().kind() == 'p') {
      return false;
    }
    return castPath(source, target, context) != null;
  }

  static boolean isPolymorphic(int oid) {
    return switch (oid) {
      case PgOid.ANYELEMENT,
          PgOid.ANYARRAY,
          PgOid.ANYNONARRAY,
          Types.ANYENUM,
          PgOid.ANYCOMPATIBLE,
          PgOid.ANYCOMPATIBLEARRAY,
          PgOid.ANYCOMPATIBLENONARRAY ->
          true;
      default -> false;
    };
  }

  // Operators.

  /** The binary operator ({@code left} non-zero) or prefix operator for operand types. */
  Found<Op> operator(String name, int left, int right) {
    List<Op> all = tables.operators(name);
    boolean prefix = left == 0;
    int exactLeft = left;
    int exactRight = right;
    if (!prefix) {
      if (left == PgOid.UNKNOWN && right != PgOid.UNKNOWN) {
        exactLeft = right;
      } else if (right == PgOid.UNKNOWN && left != PgOid.UNKNOWN) {
        exactRight = left;
      }
    }
    for (Op op : all) {
      if (op.left() == exactLeft && op.right() == exactRight) {
        return new Found<>(op, false);
      }
    }
    List<Integer> input = prefix ? List.of(right) : List.of(left, right);
    List<Op> possible = new ArrayList<>();
    List<List<Integer>> possibleTypes = new ArrayList<>();
    for (Op op : all) {
      if ((op.left() == 0) != prefix) {
        continue;
      }
      List<Integer> declared = prefix ? List.of(op.right()) : List.of(op.left(), op.right());
      if (accepts(declared, input)) {
        possible.add(op);
        possibleTypes.add(declared);
      }
    }
    return choose(possible, possibleTypes, input);
  }

  private boolean accepts(List<Integer> declared, List<Integer> input) {
    for (int i = 0; i < declared.size(); i++) {
      if (!canCoerce(input.get(i), declared.get(i), Context.IMPLICIT)) {
        return false;
      }
    }
    return polymorphicConsistent(declared, input);
  }

  // Functions.

  /** The function of this name that takes these arguments, the last of which may have names. */
  Found<Candidate> function(
      String name, List<Integer> input, List<String> names, boolean variadicArray) {
    List<Candidate> all = new ArrayList<>();
    for (Proc proc : tables.functions(name)) {
      Candidate candidate =
          names.isEmpty()
              ? expand(proc, input.size(), variadicArray)
              : byName(proc, input.size(), names, variadicArray);
      if (candidate != null) {
        all.add(candidate);
      }
    }
    for (boolean expanded : new boolean[] {false, true}) {
      for (Candidate candidate : all) {
        if (candidate.expandedVariadic == expanded && candidate.argTypes.equals(input)) {
          return new Found<>(candidate, false);
        }
      }
    }
    List<Candidate> possible = new ArrayList<>();
    List<List<Integer>> types = new ArrayList<>();
    for (Candidate candidate : all) {
      if (accepts(candidate.argTypes, input)) {
        possible.add(candidate);
        types.add(candidate.argTypes);
      }
    }
    // A plain function beats one whose variadic array would have to be built.
    if (possible.size() > 1 && possible.stream().anyMatch(c -> !c.expandedVariadic)) {
      for (int i = possible.size() - 1; i >= 0; i--) {
        Candidate variadic = possible.get(i);
        boolean shadowed = false;
        for (Candidate other : possible) {
          shadowed |= !other.expandedVariadic && other.argTypes.equals(variadic.argTypes);
        }
        if (variadic.expandedVariadic && shadowed) {
          possible.remove(i);
          types.remove(i);
        }
      }
    }
    return choose(possible, types, input);
  }

  private static @Nullable Candidate expand(Proc proc, int count, boolean variadicArray) {
    int declared = proc.argTypes().size();
    if (proc.variadic() != 0 && !variadicArray) {
      if (proc.variadic() == PgOid.ANY) {
        if (count < declared) {
          return null;
        }
        List<Integer> types = new ArrayList<>(proc.argTypes().subList(0, declared - 1));
        while (types.size() < count) {
          types.add(PgOid.ANY);
        }
        return new Candidate(proc, types, false);
      }
      if (count < declared) {
        return null;
      }
      List<Integer> types = new ArrayList<>(proc.argTypes().subList(0, declared - 1));
      while (types.size() < count) {
        types.add(proc.variadic());
      }
      return new Candidate(proc, types, true);
    }
    if (variadicArray && proc.variadic() == 0) {
      return null;
    }
    if (count == declared) {
      return new Candidate(proc, proc.argTypes(), false);
    }
    if (count < declared && count >= declared - proc.defaults().size()) {
      return new Candidate(proc, proc.argTypes().subList(0, count), false);
    }
    return null;
  }

  /** The call with named arguments, null if the function has not all of these or needs others. */
  private static @Nullable Candidate byName(
      Proc proc, int count, List<String> names, boolean variadicArray) {
    int declared = proc.argTypes().size();
    if (count > declared || variadicArray != (proc.variadic() != 0)) {
      return null;
    }
    List<Integer> positions = new ArrayList<>(indices(count - names.size()));
    for (String name : names) {
      int position = proc.argNames().indexOf(name);
      if (position < 0 || positions.contains(position)) {
        return null;
      }
      positions.add(position);
    }
    for (int i = 0; i < declared - proc.defaults().size(); i++) {
      if (!positions.contains(i)) {
        return null;
      }
    }
    return new Candidate(
        proc, positions.stream().map(proc.argTypes()::get).toList(), positions, false);
  }

  // The choice among candidates, rules 4.a to 4.f of the documentation.

  private <T> Found<T> choose(List<T> candidates, List<List<Integer>> types, List<Integer> input) {
    if (candidates.isEmpty()) {
      return new Found<>(null, false);
    }
    if (candidates.size() == 1) {
      return new Found<>(candidates.getFirst(), false);
    }
    int n = input.size();
    List<Integer> keep = indices(candidates.size());
    keep =
        best(
            keep, types, input, (type, i) -> input.get(i) != PgOid.UNKNOWN && type == input.get(i));
    if (keep.size() == 1) {
      return new Found<>(candidates.get(keep.getFirst()), false);
    }
    char[] category = new char[n];
    for (int i = 0; i < n; i++) {
      category[i] = categoryOf(input.get(i));
    }
    keep =
        best(
            keep,
            types,
            input,
            (type, i) ->
                input.get(i) != PgOid.UNKNOWN
                    && (type == input.get(i) || isPreferred(category[i], type)));
    if (keep.size() == 1) {
      return new Found<>(candidates.get(keep.getFirst()), false);
    }
    if (!input.contains(PgOid.UNKNOWN)) {
      return new Found<>(null, true);
    }
    keep = byUnknownCategories(keep, types, input);
    if (keep.size() == 1) {
      return new Found<>(candidates.get(keep.getFirst()), false);
    }
    int known = 0;
    for (int type : input) {
      if (type != PgOid.UNKNOWN) {
        if (known != 0 && known != type) {
          return new Found<>(null, true);
        }
        known = type;
      }
    }
    if (known != 0) {
      List<Integer> assumed = Collections.nCopies(n, known);
      int found = -1;
      for (int index : keep) {
        if (accepts(types.get(index), assumed)) {
          if (found >= 0) {
            return new Found<>(null, true);
          }
          found = index;
        }
      }
      if (found >= 0) {
        return new Found<>(candidates.get(found), false);
      }
    }
    return new Found<>(null, true);
  }

  /** Judges a candidate's declared type at an argument position. */
  private interface Judge {
    boolean counts(int declared, int position);
  }

  private static List<Integer> best(
      List<Integer> keep, List<List<Integer>> types, List<Integer> input, Judge judge) {
    int best = -1;
    List<Integer> result = new ArrayList<>();
    for (int index : keep) {
      int score = 0;
      for (int i = 0; i < input.size(); i++) {
        if (judge.counts(types.get(index).get(i), i)) {
          score++;
        }
      }
      if (score > best) {
        best = score;
        result.clear();
      }
      if (score == best) {
        result.add(index);
      }
    }
    return result;
  }

  private static List<Integer> byUnknownCategories(
      List<Integer> keep, List<List<Integer>> types, List<Integer> input) {
    int n = input.size();
    char[] wanted = new char[n];
    boolean[] preferred = new boolean[n];
    boolean resolved = true;
    for (int i = 0; i < n && resolved; i++) {
      if (input.get(i) != PgOid.UNKNOWN) {
        continue;
      }
      char category = 0;
      boolean conflict = false;
      for (int index : keep) {
        int type = types.get(index).get(i);
        char c = categoryOf(type);
        boolean pref = isPreferred(c, type);
        if (category == 0) {
          category = c;
          preferred[i] = pref;
        } else if (c == category) {
          preferred[i] |= pref;
        } else if (c == 'S') {
          category = c;
          preferred[i] = pref;
        } else if (category != 'S') {
          conflict = true;
        }
      }
      if (conflict && category != 'S') {
        resolved = false;
      }
      wanted[i] = category;
    }
    if (!resolved) {
      return keep;
    }
    List<Integer> result = new ArrayList<>();
    for (int index : keep) {
      boolean fits = true;
      for (int i = 0; i < n && fits; i++) {
        if (input.get(i) != PgOid.UNKNOWN) {
          continue;
        }
        int type = types.get(index).get(i);
        char c = categoryOf(type);
        fits = c == wanted[i] && (!preferred[i] || isPreferred(c, type));
      }
      if (fits) {
        result.add(index);
      }
    }
    return result.isEmpty() ? keep : result;
  }

  static List<Integer> indices(int count) {
    List<Integer> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(i);
    }
    return all;
  }

  static char categoryOf(int oid) {
    PgType type = PgTypes.find(oid);
    return type == null ? 'X' : type.category();
  }

  static boolean isPreferred(char category, int oid) {
    PgType type = PgTypes.find(oid);
    return type != null && type.category() == category && type.preferred();
  }

  // Polymorphic types.

  private boolean polymorphicConsistent(List<Integer> declared, List<Integer> input) {
    return declared.stream().noneMatch(Resolver::isPolymorphic)
        || polymorphicElement(declared, input) != null;
  }

  /**
   * The element type that stands for the any* types of a call: index 0 for the anyelement family, 1
   * for the anycompatible family, 0 where a family does not occur or is only given unknowns; null
   * if the arguments contradict each other.
   */
  int @Nullable [] polymorphicElement(List<Integer> declared, List<Integer> input) {
    int element = 0;
    List<Integer> compatible = new ArrayList<>();
    for (int i = 0; i < declared.size() && i < input.size(); i++) {
      int actual = input.get(i);
      if (actual == PgOid.UNKNOWN) {
        continue;
      }
      PgType type = PgTypes.find(actual);
      switch (declared.get(i)) {
        case PgOid.ANYELEMENT, PgOid.ANYNONARRAY, Types.ANYENUM -> {
          if (element != 0 && element != actual) {
            return null;
          }
          if (declared.get(i) == PgOid.ANYNONARRAY && type != null && type.isArray()) {
            return null;
          }
          if (declared.get(i) == Types.ANYENUM && (type == null || type.category() != 'E')) {
            return null;
          }
          element = actual;
        }
        case PgOid.ANYARRAY -> {
          if (actual == PgOid.ANYARRAY) {
            continue;
          }
          if (type == null || type.elementOid() == 0 || !type.isArray()) {
            return null;
          }
          if (element != 0 && element != type.elementOid()) {
            return null;
          }
          element = type.elementOid();
        }
        case PgOid.ANYCOMPATIBLE, PgOid.ANYCOMPATIBLENONARRAY -> compatible.add(actual);
        case PgOid.ANYCOMPATIBLEARRAY -> {
          if (type == null || !type.isArray()) {
            return null;
          }
          compatible.add(type.elementOid());
        }
        default -> {}
      }
    }
    int common = 0;
    if (!compatible.isEmpty()) {
      int chosen = commonType(compatible);
      if (chosen == 0
          || !compatible.stream().allMatch(type -> canCoerce(type, chosen, Context.IMPLICIT))) {
        return null;
      }
      common = chosen;
    }
    return new int[] {element, common};
  }

  /** The concrete type of a declared one once the any* families are known. */
  static int concrete(int declared, int[] elements) {
    return switch (declared) {
      case PgOid.ANYELEMENT, PgOid.ANYNONARRAY, Types.ANYENUM ->
          elements[0] == 0 ? PgOid.TEXT : elements[0];
      case PgOid.ANYARRAY -> arrayOf(elements[0] == 0 ? PgOid.TEXT : elements[0]);
      case PgOid.ANYCOMPATIBLE, PgOid.ANYCOMPATIBLENONARRAY ->
          elements[1] == 0 ? PgOid.TEXT : elements[1];
      case PgOid.ANYCOMPATIBLEARRAY -> arrayOf(elements[1] == 0 ? PgOid.TEXT : elements[1]);
      default -> declared;
    };
  }

  /** The type of arrays of a type: for an array the same, with one more dimension. */
  static int arrayOf(int element) {
    PgType type = PgTypes.find(element);
    if (type == null || isTrueArray(type)) {
      return element;
    }
    return type.arrayOid();
  }

  /** UNION and CASE type resolution over known types and unknowns; 0 if there is no common type. */
  int commonType(List<Integer> types) {
    int chosen = PgOid.UNKNOWN;
    for (int declared : types) {
      int type = PgTypes.baseOid(declared);
      if (type == PgOid.UNKNOWN || type == chosen) {
        continue;
      }
      if (chosen == PgOid.UNKNOWN) {
        chosen = type;
        continue;
      }
      if (categoryOf(type) != categoryOf(chosen)) {
        return 0;
      }
      if (!isPreferred(categoryOf(chosen), chosen)
          && canCoerce(chosen, type, Context.IMPLICIT)
          && !canCoerce(type, chosen, Context.IMPLICIT)) {
        chosen = type;
      }
    }
    return chosen == PgOid.UNKNOWN ? PgOid.TEXT : chosen;
  }
}
