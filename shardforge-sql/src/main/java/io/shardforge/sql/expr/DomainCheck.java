package io.shardforge.sql.expr;

import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value, or each element of an array, that must keep the rules of a domain. */
public final class DomainCheck extends Expression {
  /** A condition over the value as column 0. */
  public record Check(String name, Expression condition) {}

  private final Expression operand;
  private final boolean each;
  private final boolean notNull;
  private final List<Check> checks;
  private final String domain;
  private final String schema;
  private final String name;

  /**
   * @param type the domain or, for {@code each}, that of arrays of it
   */
  public DomainCheck(
      SqlType type, Expression operand, boolean each, boolean notNull, List<Check> checks) {
    super(type);
    this.operand = operand;
    this.each = each;
    this.notNull = notNull;
    this.checks = List.copyOf(checks);
    int domainOid = each ? PgTypes.byOid(type.oid()).elementOid() : type.oid();
    this.domain = TypeNames.format(domainOid, -1);
    this.schema = TypeNames.schemaOf(domainOid);
    this.name = PgTypes.byOid(domainOid).name();
  }

  @Override
  public List<Expression> children() {
    return List.of(operand);
  }

  @Override
  public @Nullable Object eval(Row row, EvalContext context) {
    Object value = operand.eval(row, context);
    if (!each) {
      judge(value, context);
    } else if (value instanceof ArrayValue array) {
      for (int i = 0; i < array.size(); i++) {
        judge(array.get(i), context);
      }
    }
    return value;
  }

  private void judge(@Nullable Object value, EvalContext context) {
    if (notNull && value == null) {
      throw error(ErrorCode.NOT_NULL_VIOLATION, "domain " + domain + " does not allow null values");
    }
    for (Check check : checks) {
      // A check that is null holds.
      if (Boolean.FALSE.equals(check.condition.eval(_ -> value, context))) {
        throw error(
                ErrorCode.CHECK_VIOLATION,
                "value for domain " + domain + " violates check constraint \"" + check.name + '"')
            .withConstraint(check.name);
      }
    }
  }

  private ShardForgeException error(ErrorCode code, String message) {
    return new ShardForgeException(code, message).withDataType(schema, name);
  }

  @Override
  public String toString() {
    return operand + "::" + type().oid();
  }
}
