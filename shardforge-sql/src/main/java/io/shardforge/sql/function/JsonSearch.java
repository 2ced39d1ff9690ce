package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.expr.Row;
import io.shardforge.sql.type.JsonPath;
import io.shardforge.sql.type.JsonValue;
import io.shardforge.sql.type.JsonValue.JsonObject;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * JSON_EXISTS, JSON_QUERY or JSON_VALUE: looks into a document, makes what it finds the wanted
 * type, and has other answers for when nothing is there and for what goes wrong.
 */
public final class JsonSearch extends Expression {
  /**
   * The answer where there is none otherwise.
   *
   * @param words as the query says it
   * @param value null for an error
   * @param found whether the value is taken like one that was found
   */
  public record Answer(String words, @Nullable Expression value, boolean found) {}

  private final JsonRequest request;
  private final Expression document;
  private final Expression path;
  private final Expression variables;
  private final int number;
  private final Expression made;
  private final Answer onEmpty;
  private final Answer onError;

  /**
   * @param number by which what was found is bound for what is made of it
   */
  public JsonSearch(
      SqlType type,
      JsonRequest request,
      List<Expression> inputs,
      int number,
      Expression made,
      Answer onEmpty,
      Answer onError) {
    super(type);
    this.request = request;
    this.document = inputs.get(0);
    this.path = inputs.get(1);
    this.variables = inputs.get(2);
    this.number = number;
    this.made = made;
    this.onEmpty = onEmpty;
    this.onError = onError;
  }

  public JsonRequest request() {
    return request;
  }

  @Override
  public List<Expression> children() {
    List<Expression> children = new ArrayList<>(List.of(document, path, variables, made));
    for (Answer answer : List.of(onEmpty, onError)) {
      if (answer.value != null) {
        children.add(answer.value);
      }
    }
    return children;
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object searched = document.eval(row, context);
    Object where = path.eval(row, context);
    Object found = null;
    try {
      if (searched != null && where != null) {
        Object named = Objects.requireNonNull(variables.eval(row, context));
        found = request.search((JsonValue) searched, (JsonPath) where, (JsonObject) named, context);
      }
    } catch (JsonPathEvaluation.PathError e) {
      return onError(e.error(), row, context);
    } catch (ShardForgeException e) {
      if (!isAboutItems(e.code())) {
        throw e;
      }
      return onError(e, row, context);
    }
    if (found instanceof JsonRequest.Absence) {
      if (onEmpty.value == null) {
        throw request.notFound();
      }
      return answer("ON EMPTY", onEmpty, row, context);
    }
    try {
      return made(found, row, context);
    } catch (ShardForgeException e) {
      if (!isAboutData(e.code())) {
        throw e;
      }
      return onError(e, row, context);
    }
  }

  private @Nullable Object made(@Nullable Object found, Row row, EvalContext context) {
    Object read = found == null ? null : request.read(found, context);
    context.bindOuterRow(number, _ -> read);
    return made.eval(row, context);
  }

  private @Nullable Object onError(ShardForgeException error, Row row, EvalContext context) {
    if (onError.value == null) {
      throw error;
    }
    return answer("ON ERROR", onError, row, context);
  }

  private @Nullable Object answer(String clause, Answer answer, Row row, EvalContext context) {
    Expression expression = Objects.requireNonNull(answer.value);
    try {
      Object value = expression.eval(row, context);
      return answer.found ? made(value, row, context) : value;
    } catch (ShardForgeException e) {
      boolean dropped = answer.found ? isAboutData(e.code()) : isAboutType(e.code());
      if (onError.value == null || !dropped) {
        throw e;
      }
      throw new ShardForgeException(
              ErrorCode.DATATYPE_MISMATCH,
              "could not coerce "
                  + clause
                  + " expression ("
                  + answer.words
                  + ") to the RETURNING type")
          .withDetail(Objects.requireNonNull(e.getMessage()));
    }
  }

  /** What the search itself finds wrong. */
  private static boolean isAboutItems(ErrorCode code) {
    return code == ErrorCode.MORE_THAN_ONE_SQL_JSON_ITEM
        || code == ErrorCode.SQL_JSON_SCALAR_REQUIRED;
  }

  /** What a value has that another type does not take: errors of data, rules and names. */
  private static boolean isAboutData(ErrorCode code) {
    String state = code.sqlState();
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("42");
  }

  /** What the reading of a text or a domain finds wrong with an expression's value. */
  private static boolean isAboutType(ErrorCode code) {
    return switch (code) {
      case INVALID_TEXT_REPRESENTATION,
          INVALID_DATETIME_FORMAT,
          NOT_NULL_VIOLATION,
          CHECK_VIOLATION ->
          true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return request.form() + children().toString();
  }
}
