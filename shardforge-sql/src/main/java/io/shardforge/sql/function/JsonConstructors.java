package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.expr.ScalarFunction;
import io.shardforge.sql.function.AggregateFunction.Accumulator;
import io.shardforge.sql.type.JsonParser;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What JSON_OBJECT, JSON_ARRAY, JSON and IS JSON of SQL/JSON are calls of. */
final class JsonConstructors {
  /** What a key that is remembered takes, about. */
  private static final long KEY_BYTES = 64;

  private JsonConstructors() {}

  static void register(FunctionTable t) {
    for (String type : List.of("json", "jsonb")) {
      t.typed(
          "shardforge_" + type + "_object",
          types -> new Building(types, 2, 2, t.required(type + "_build_object")));
      t.typed(
          "shardforge_" + type + "_array",
          types -> new Building(types, 1, 1, t.required(type + "_build_array")));
    }
    for (String type : List.of("json", "jsonb")) {
      selective(t, type + "_agg_strict(anyelement)", type + "_agg(anyelement)", true, false);
      String all = type + "_object_agg";
      selective(t, all + "_strict(any,any)", all + "(any,any)", true, false);
      selective(t, all + "_unique(any,any)", all + "(any,any)", false, true);
      selective(t, all + "_unique_strict(any,any)", all + "(any,any)", true, true);
    }
    t.of(
        "shardforge_json_of_unique_keys",
        String.class,
        (_, text) -> {
          new JsonParser(text, true).refusingDuplicates().parse();
          return text;
        });
    t.of(
        "shardforge_is_json",
        String.class,
        String.class,
        Boolean.class,
        (_, text, kind, unique) -> isJson(text, kind, unique));
  }

  private static void selective(
      FunctionTable t, String source, String all, boolean absent, boolean unique) {
    t.aggregateTyped(
        source,
        types -> {
          AggregateFunction gathering = t.requiredAggregate(all).create(types);
          return () -> new Selection(gathering.create(), types, absent, unique);
        });
  }

  private static String quoted(String key) {
    StringBuilder out = new StringBuilder();
    JsonValue.appendQuoted(out, key);
    return out.toString();
  }

  private static ShardForgeException duplicate(String key) {
    return TypeErrors.of(
        ErrorCode.DUPLICATE_JSON_OBJECT_KEY_VALUE,
        "duplicate JSON object key value: " + quoted(key));
  }

  private static boolean isJson(String text, String kind, boolean unique) {
    JsonValue value;
    try {
      JsonParser parser = new JsonParser(text, unique);
      value = (unique ? parser.refusingDuplicates() : parser).parse();
    } catch (ShardForgeException _) {
      return false;
    }
    return switch (kind) {
      case "object" -> value instanceof JsonValue.JsonObject;
      case "array" -> value instanceof JsonValue.JsonArray;
      case "scalar" -> value.isScalar();
      default -> true;
    };
  }

  /**
   * Makes JSON of arguments that come after flags: whether those that are null are left out and,
   * for objects, whether keys must differ.
   */
  private static final class Building implements ScalarFunction {
    private final CallTypes types;
    private final int flags;
    private final int step;
    private final FunctionTable.ScalarFactory factory;
    private final ScalarFunction whole;

    /**
     * For arguments of which so many make a part, the last of them its value.
     *
     * @param factory of the function that makes JSON of all
     */
    Building(CallTypes types, int flags, int step, FunctionTable.ScalarFactory factory) {
      this.types = types;
      this.flags = flags;
      this.step = step;
      this.factory = factory;
      this.whole =
          factory.create(
              new CallTypes(
                  types.arguments().subList(flags, types.arguments().size()), types.result()));
    }

    @Override
    public @Nullable Object apply(EvalContext context, @Nullable Object[] in) {
      boolean absent = Boolean.TRUE.equals(in[0]);
      boolean unique = flags > 1 && Boolean.TRUE.equals(in[1]);
      List<@Nullable Object> values = new ArrayList<>();
      List<SqlType> kept = new ArrayList<>();
      Set<String> keys = new HashSet<>();
      for (int i = flags; i < in.length; i += step) {
        if (unique) {
          String key = key(context, in, i);
          if (!keys.add(key)) {
            throw duplicate(key);
          }
        }
        if (absent && in[i + step - 1] == null) {
          continue;
        }
        for (int j = i; j < i + step; j++) {
          values.add(in[j]);
          kept.add(types.arguments().get(j));
        }
      }
      ScalarFunction build =
          values.size() == in.length - flags
              ? whole
              : factory.create(new CallTypes(kept, types.result()));
      return build.apply(context, values.toArray());
    }

    private String key(EvalContext context, @Nullable Object[] in, int at) {
      Object value = NullArguments.at(in, at);
      return JsonConversion.key(
          value, JsonConversion.argumentType(types.arguments(), at), at - flags + 1, context);
    }
  }

  /** An aggregate that leaves out what is null, or wants each key once. */
  private static final class Selection implements Accumulator {
    private final Accumulator gathered;
    private final CallTypes types;
    private final boolean absent;
    private final @Nullable Set<String> keys;
    private boolean any;

    Selection(Accumulator gathered, CallTypes types, boolean absent, boolean unique) {
      this.gathered = gathered;
      this.types = types;
      this.absent = absent;
      this.keys = unique ? new HashSet<>() : null;
    }

    @Override
    public void add(EvalContext context, @Nullable Object[] arguments) {
      any = true;
      if (keys != null && arguments[0] != null) {
        offer(
            JsonConversion.key(
                arguments[0], JsonConversion.argumentType(types.arguments(), 0), 0, context));
      }
      if (!absent || arguments[arguments.length - 1] != null) {
        gathered.add(context, arguments);
      }
    }

    private void offer(String key) {
      if (keys != null && !keys.add(key)) {
        throw duplicate(key);
      }
    }

    @Override
    public void merge(Accumulator other) {
      Selection that = (Selection) other;
      any |= that.any;
      if (that.keys != null) {
        that.keys.forEach(this::offer);
      }
      gathered.merge(that.gathered);
    }

    @Override
    public @Nullable Object result(EvalContext context) {
      Object result = gathered.result(context);
      if (result != null || !any) {
        return result;
      }
      boolean binary = types.result().oid() == PgOid.JSONB;
      boolean array = types.arguments().size() == 1;
      JsonValue nothing = new JsonParser(array ? "[]" : "{}", true).parse();
      return binary ? nothing : array ? "[]" : "{ }";
    }

    @Override
    public long memoryBytes() {
      return gathered.memoryBytes() + (keys == null ? 0 : KEY_BYTES * keys.size());
    }
  }
}
