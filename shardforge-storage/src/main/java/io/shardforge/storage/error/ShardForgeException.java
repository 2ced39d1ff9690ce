package io.shardforge.storage.error;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An error with a SQLSTATE and the fields of PostgreSQL's error report.
 *
 * <p>Immutable: every {@code with…} method returns a copy that keeps cause and stack trace. Only
 * codes that mean a fault of the server ({@link ErrorCode#isServerFault()}) record a stack trace;
 * the others are cheap enough to be thrown for a user's mistake.
 */
public final class ShardForgeException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final Report report;

  /** An error without a cause. */
  public ShardForgeException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** An error with the failure that led to it. */
  public ShardForgeException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, Report.EMPTY, code.isServerFault());
  }

  private ShardForgeException(
      ErrorCode code,
      String message,
      @Nullable Throwable cause,
      Report report,
      boolean writableStackTrace) {
    super(message, cause, true, writableStackTrace);
    this.code = code;
    this.report = report;
  }

  /** The optional fields of an error report; position is a 1-based character index, 0 if none. */
  private record Report(
      @Nullable String detail,
      @Nullable String hint,
      int position,
      @Nullable String where,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column,
      @Nullable String constraint,
      @Nullable String dataType,
      @Nullable String routine)
      implements java.io.Serializable {
    @Serial private static final long serialVersionUID = 1L;

    static final Report EMPTY = new Report(null, null, 0, null, null, null, null, null, null, null);
  }

  public ErrorCode code() {
    return code;
  }

  /** The message, never null. */
  public String message() {
    String message = getMessage();
    return message == null ? code.conditionName() : message;
  }

  public @Nullable String detail() {
    return report.detail;
  }

  public @Nullable String hint() {
    return report.hint;
  }

  /** The 1-based character position in the statement, 0 if unknown. */
  public int position() {
    return report.position;
  }

  /** The context of the error (protocol field W), such as the line of a COPY. */
  public @Nullable String where() {
    return report.where;
  }

  public @Nullable String schemaName() {
    return report.schema;
  }

  public @Nullable String tableName() {
    return report.table;
  }

  public @Nullable String columnName() {
    return report.column;
  }

  public @Nullable String constraintName() {
    return report.constraint;
  }

  public @Nullable String dataTypeName() {
    return report.dataType;
  }

  /** PostgreSQL's function that reports the error, where drivers tell errors apart by it. */
  public @Nullable String routine() {
    return report.routine;
  }

  public ShardForgeException withDetail(String detail) {
    return with(
        new Report(
            detail,
            report.hint,
            report.position,
            report.where,
            report.schema,
            report.table,
            report.column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withHint(String hint) {
    return with(
        new Report(
            report.detail,
            hint,
            report.position,
            report.where,
            report.schema,
            report.table,
            report.column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withPosition(int position) {
    return with(
        new Report(
            report.detail,
            report.hint,
            position,
            report.where,
            report.schema,
            report.table,
            report.column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withWhere(String where) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            where,
            report.schema,
            report.table,
            report.column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withTable(String schema, String table) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            report.where,
            schema,
            table,
            report.column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withColumn(String column) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            report.where,
            report.schema,
            report.table,
            column,
            report.constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withConstraint(String constraint) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            report.where,
            report.schema,
            report.table,
            report.column,
            constraint,
            report.dataType,
            report.routine));
  }

  public ShardForgeException withDataType(String schema, String dataType) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            report.where,
            schema,
            report.table,
            report.column,
            report.constraint,
            dataType,
            report.routine));
  }

  public ShardForgeException withRoutine(String routine) {
    return with(
        new Report(
            report.detail,
            report.hint,
            report.position,
            report.where,
            report.schema,
            report.table,
            report.column,
            report.constraint,
            report.dataType,
            routine));
  }

  private ShardForgeException with(Report newReport) {
    ShardForgeException copy =
        new ShardForgeException(code, message(), getCause(), newReport, code.isServerFault());
    if (code.isServerFault()) {
      copy.setStackTrace(getStackTrace());
    }
    return copy;
  }
}
