package io.shardforge.sql.row;

import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reading of a jsonpath for what a document must have: members that are named on the way, and
 * scalars that something has to be equal to. What says nothing of that is passed over.
 */
final class PathDemand {
  private final InvertedKeys keys;

  PathDemand(InvertedKeys keys) {
    this.keys = keys;
  }

  /**
   * Items that a path leads to.
   *
   * @param names of the members around them, null where they may be any
   * @param stored whether they are parts of the document, rather than made of them
   * @param demands what there must be for any item to be found
   */
  private record Items(@Nullable List<String> names, boolean stored, List<KeyDemand> demands) {
    static final Items UNKNOWN = new Items(null, false, List.of());

    /** The same where their own demands are made elsewhere. */
    Items start() {
      return new Items(names, stored, List.of());
    }

    Items elsewhere(boolean stillStored) {
      return new Items(null, stored && stillStored, demands);
    }

    Items with(KeyDemand demand) {
      return new Items(names, stored, plus(demands, demand));
    }

    Items member(String name) {
      return new Items(names == null ? null : plus(names, name), stored, demands);
    }

    private static <T> List<T> plus(List<T> list, T one) {
      List<T> longer = new ArrayList<>(list);
      longer.add(one);
      return longer;
    }
  }

  /** What there must be so that a path leads to anything. */
  KeyDemand exists(JsonPath path) {
    return KeyDemand.all(items(path.root(), Items.UNKNOWN).demands);
  }

  /** What there must be so that a predicate is true. */
  KeyDemand matches(JsonPath path) {
    return condition(path.root(), Items.UNKNOWN);
  }

  private Items items(JsonPath.Node node, Items current) {
    return switch (node) {
      case JsonPath.Root _ -> new Items(List.of(), true, List.of());
      case JsonPath.Current _ -> current;
      case JsonPath.Step step -> {
        Items from = items(step.from(), current);
        yield switch (step.accessor()) {
          case JsonPath.Member member -> from.member(member.key()).with(keys.named(member.key()));
          case JsonPath.AnyElement _, JsonPath.Elements _ -> from;
          case JsonPath.AnyMember _, JsonPath.Descendants _ -> from.elsewhere(true);
          case JsonPath.Method _ -> from.elsewhere(false);
          case JsonPath.Filter filter -> from.with(condition(filter.condition(), from.start()));
        };
      }
      default -> Items.UNKNOWN;
    };
  }

  private KeyDemand condition(JsonPath.Node node, Items current) {
    return switch (node) {
      case JsonPath.And and ->
          KeyDemand.all(List.of(condition(and.left(), current), condition(and.right(), current)));
      case JsonPath.Or or ->
          KeyDemand.any(List.of(condition(or.left(), current), condition(or.right(), current)));
      case JsonPath.Exists exists -> KeyDemand.all(items(exists.operand(), current).demands);
      case JsonPath.Comparison comparison -> {
        Items left = items(comparison.left(), current);
        Items right = items(comparison.right(), current);
        List<KeyDemand> demands = new ArrayList<>(left.demands);
        demands.addAll(right.demands);
        if (comparison.operator() == JsonPath.Operator.EQUAL) {
          demands.add(equal(left, comparison.right()));
          demands.add(equal(right, comparison.left()));
        }
        yield KeyDemand.all(demands);
      }
      case JsonPath.StartsWith starts -> KeyDemand.all(items(starts.text(), current).demands);
      case JsonPath.LikeRegex like -> KeyDemand.all(items(like.text(), current).demands);
      case JsonPath.Step step -> KeyDemand.all(items(step, current).demands);
      default -> KeyDemand.NOTHING;
    };
  }

  private KeyDemand equal(Items items, JsonPath.Node value) {
    return items.stored && value instanceof JsonPath.Literal(JsonValue scalar)
        ? keys.valued(items.names, scalar)
        : KeyDemand.NOTHING;
  }
}
