package io.shardforge.sql.type;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A jsonpath value: an expression of the SQL/JSON path language and its mode. Immutable; its text
 * form is the canonical one that PostgreSQL prints.
 *
 * @param strict structural errors are errors, and arrays are not unwrapped on the way
 */
public record JsonPath(boolean strict, Node root) {
  /** A part of a path expression. */
  public sealed interface Node {}

  /** Where a path starts: {@code $}. */
  public record Root() implements Node {}

  /** The item that a filter looks at: {@code @}. */
  public record Current() implements Node {}

  /** The last index of the array whose subscript this is in. */
  public record Last() implements Node {}

  /** A named variable: {@code $name}. */
  public record Variable(String name) implements Node {}

  /** A literal scalar. */
  public record Literal(JsonValue value) implements Node {}

  /** A step from the items that another expression gives. */
  public record Step(Node from, Accessor accessor) implements Node {}

  /** Arithmetic on two numbers: one of {@code + - * / %}. */
  public record Arithmetic(char operator, Node left, Node right) implements Node {}

  /** The sign of each number: {@code +} or {@code -}. */
  public record Sign(char operator, Node operand) implements Node {}

  /** A comparison of sequences, true if it is for any pair of items. */
  public record Comparison(Operator operator, Node left, Node right) implements Node {}

  public record And(Node left, Node right) implements Node {}

  public record Or(Node left, Node right) implements Node {}

  public record Not(Node operand) implements Node {}

  public record IsUnknown(Node operand) implements Node {}

  public record Exists(Node operand) implements Node {}

  public record StartsWith(Node text, Node prefix) implements Node {}

  /** A match with a regular expression; flags as written, of {@code ismxq}. */
  public record LikeRegex(Node text, String pattern, String flags) implements Node {}

  /** How items are compared. */
  public enum Operator {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }
  }

  /** What a step does with each item. */
  public sealed interface Accessor {}

  public record Member(String key) implements Accessor {}

  public record AnyMember() implements Accessor {}

  public record AnyElement() implements Accessor {}

  /** All descendants between two depths; {@link #LAST} for as deep as it goes. */
  public record Descendants(int from, int to) implements Accessor {
    public static final int LAST = Integer.MAX_VALUE;
  }

  /** Elements by their indexes, from 0. */
  public record Elements(List<Subscript> subscripts) implements Accessor {}

  /** One index, or all from one to another. */
  public record Subscript(Node from, @Nullable Node to) {}

  public record Filter(Node condition) implements Accessor {}

  /**
   * A method, by its name.
   *
   * @param arguments numbers, of decimal and of what has seconds
   * @param template of datetime, null without one
   */
  public record Method(String name, List<Long> arguments, @Nullable String template)
      implements Accessor {
    /** Those that make a date or a time of a string. */
    static final Set<String> MOMENTS =
        Set.of("date", "datetime", "time", "time_tz", "timestamp", "timestamp_tz");

    public boolean isMoment() {
      return MOMENTS.contains(name);
    }
  }

  /** Whether what the path gives can depend on the session's time zone. */
  public boolean hasMoments() {
    return hasMoments(root);
  }

  private static boolean hasMoments(Node node) {
    return switch (node) {
      case Root _, Current _, Last _, Variable _, Literal _ -> false;
      case Step step ->
          hasMoments(step.from)
              || switch (step.accessor) {
                case Method method -> method.isMoment();
                case Filter filter -> hasMoments(filter.condition);
                case Elements elements ->
                    elements.subscripts.stream()
                        .anyMatch(s -> hasMoments(s.from) || (s.to != null && hasMoments(s.to)));
                default -> false;
              };
      case Arithmetic a -> hasMoments(a.left) || hasMoments(a.right);
      case Sign sign -> hasMoments(sign.operand);
      case Comparison c -> hasMoments(c.left) || hasMoments(c.right);
      case And a -> hasMoments(a.left) || hasMoments(a.right);
      case Or o -> hasMoments(o.left) || hasMoments(o.right);
      case Not not -> hasMoments(not.operand);
      case IsUnknown unknown -> hasMoments(unknown.operand);
      case Exists exists -> hasMoments(exists.operand);
      case StartsWith s -> hasMoments(s.text) || hasMoments(s.prefix);
      case LikeRegex like -> hasMoments(like.text);
    };
  }

  /** Reads the text form; 42601 if it is none. */
  public static JsonPath parse(String text) {
    return new JsonPathParser(text).parse();
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(strict ? "strict " : "");
    print(root, out, true);
    return out.toString();
  }

  private static int priority(Node node) {
    return switch (node) {
      case Or _ -> 0;
      case And _ -> 1;
      case Comparison _, StartsWith _, LikeRegex _ -> 2;
      case Arithmetic a when a.operator == '+' || a.operator == '-' -> 3;
      case Arithmetic _ -> 4;
      case Sign _ -> 5;
      default -> 6;
    };
  }

  private static void print(Node node, StringBuilder out, boolean brackets) {
    switch (node) {
      case Root _ -> out.append('$');
      case Current _ -> out.append('@');
      case Last _ -> out.append("last");
      case Variable variable -> {
        out.append('$');
        JsonValue.appendQuoted(out, variable.name);
      }
      case Literal literal -> out.append(JsonValue.text(literal.value));
      case Step step -> {
        boolean operation = priority(step.from) < 6 || isNumber(step.from);
        if (operation) {
          out.append('(');
        }
        print(step.from, out, false);
        if (operation) {
          out.append(')');
        }
        print(step.accessor, out);
      }
      case Arithmetic a -> binary(node, a.left, " " + a.operator + " ", a.right, out, brackets);
      case Comparison c ->
          binary(node, c.left, " " + c.operator.symbol + " ", c.right, out, brackets);
      case And a -> binary(node, a.left, " && ", a.right, out, brackets);
      case Or o -> binary(node, o.left, " || ", o.right, out, brackets);
      case StartsWith s -> binary(node, s.text, " starts with ", s.prefix, out, brackets);
      case Sign sign -> {
        if (brackets) {
          out.append('(');
        }
        out.append(sign.operator);
        print(sign.operand, out, priority(sign.operand) <= priority(node));
        if (brackets) {
          out.append(')');
        }
      }
      case Not not -> {
        out.append("!(");
        print(not.operand, out, false);
        out.append(')');
      }
      case IsUnknown unknown -> {
        out.append('(');
        print(unknown.operand, out, false);
        out.append(") is unknown");
      }
      case Exists exists -> {
        out.append("exists (");
        print(exists.operand, out, false);
        out.append(')');
      }
      case LikeRegex like -> {
        if (brackets) {
          out.append('(');
        }
        print(like.text, out, priority(like.text) <= priority(node));
        out.append(" like_regex ");
        JsonValue.appendQuoted(out, like.pattern);
        if (!like.flags.isEmpty()) {
          out.append(" flag \"").append(like.flags).append('"');
        }
        if (brackets) {
          out.append(')');
        }
      }
    }
  }

  private static boolean isNumber(Node node) {
    return node instanceof Literal literal && literal.value instanceof JsonValue.JsonNumber;
  }

  private static void binary(
      Node node, Node left, String operator, Node right, StringBuilder out, boolean brackets) {
    if (brackets) {
      out.append('(');
    }
    print(left, out, priority(left) <= priority(node));
    out.append(operator);
    print(right, out, priority(right) <= priority(node));
    if (brackets) {
      out.append(')');
    }
  }

  private static void print(Accessor accessor, StringBuilder out) {
    switch (accessor) {
      case Member member -> {
        out.append('.');
        JsonValue.appendQuoted(out, member.key);
      }
      case AnyMember _ -> out.append(".*");
      case AnyElement _ -> out.append("[*]");
      case Descendants all -> {
        out.append(".**");
        if (all.from == all.to) {
          out.append('{').append(depth(all.from)).append('}');
        } else if (all.from != 0 || all.to != Descendants.LAST) {
          out.append('{').append(depth(all.from)).append(" to ").append(depth(all.to)).append('}');
        }
      }
      case Elements elements -> {
        out.append('[');
        String separator = "";
        for (Subscript subscript : elements.subscripts) {
          out.append(separator);
          print(subscript.from, out, false);
          if (subscript.to != null) {
            out.append(" to ");
            print(subscript.to, out, false);
          }
          separator = ",";
        }
        out.append(']');
      }
      case Filter filter -> {
        out.append("?(");
        print(filter.condition, out, false);
        out.append(')');
      }
      case Method method -> {
        out.append('.').append(method.name).append('(');
        if (method.template != null) {
          JsonValue.appendQuoted(out, method.template);
        }
        String separator = "";
        for (Long argument : method.arguments) {
          out.append(separator).append(argument);
          separator = ",";
        }
        out.append(')');
      }
    }
  }

  private static String depth(int depth) {
    return depth == Descendants.LAST ? "last" : Integer.toString(depth);
  }
}
