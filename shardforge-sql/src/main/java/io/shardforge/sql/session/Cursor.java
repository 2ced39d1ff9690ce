package io.shardforge.sql.session;

import io.shardforge.sql.bind.CursorQuery;
import io.shardforge.sql.exec.StoredRows;
import io.shardforge.sql.parse.proto.FetchStmt;
import io.shardforge.sql.plan.OutputColumn;
import io.shardforge.sql.plan.Planner.CursorPlan;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cursor that DECLARE opened: the rows of its query and a place among them. */
final class Cursor {
  /**
   * What DECLARE said of it.
   *
   * @param binary whether its rows are sent in binary form
   * @param scrolls whether it goes backward too
   * @param holds whether it outlives its transaction
   */
  record Definition(
      String name,
      String statement,
      boolean binary,
      boolean scrolls,
      boolean holds,
      long createdMicros) {}

  private final Definition definition;
  private final CursorPlan plan;
  private final StoredRows rows;

  /** The row it is on, from 1; 0 is before the first row, size + 1 after the last one. */
  private long position;

  private @Nullable Object @Nullable [] current;

  /** Whether a statement failed on it, after which it takes no more. */
  private boolean failed;

  Cursor(Definition definition, CursorPlan plan, StoredRows rows) {
    this.definition = definition;
    this.plan = plan;
    this.rows = rows;
  }

  Definition definition() {
    return definition;
  }

  List<OutputColumn> columns() {
    return plan.query().columns();
  }

  /** Moves as the statement says and shows each row on the way; returns how many there were. */
  long run(FetchStmt fetch, Consumer<@Nullable Object[]> shown) {
    if (failed) {
      throw cannotRun(definition.name);
    }
    failed = true;
    current = null;
    long done = move(fetch, shown);
    failed = false;
    return done;
  }

  private long move(FetchStmt fetch, Consumer<@Nullable Object[]> shown) {
    long count = fetch.getHowMany();
    return switch (fetch.getDirection()) {
      case FETCH_FORWARD -> walk(count, shown);
      case FETCH_BACKWARD -> walk(-count, shown);
      case FETCH_ABSOLUTE -> jump(count >= 0 ? count : rows.size() + 1 + count, shown);
      case FETCH_RELATIVE -> jump(position + count, shown);
      case FETCH_DIRECTION_UNDEFINED, UNRECOGNIZED ->
          throw new ShardForgeException(ErrorCode.SYNTAX_ERROR, "unrecognized FETCH direction");
    };
  }

  private long walk(long count, Consumer<@Nullable Object[]> shown) {
    if (count == 0) {
      return jump(position, shown);
    }
    if (count < 0) {
      requireScroll();
    }
    long done = 0;
    while (done != Math.abs(count) && step(count > 0 ? 1 : -1)) {
      show(shown);
      done++;
    }
    return done;
  }

  /** Goes one row on or back; false if it leaves the rows. */
  private boolean step(int by) {
    position = Math.clamp(position + by, 0, rows.size() + 1);
    return isOnRow();
  }

  private boolean isOnRow() {
    return position >= 1 && position <= rows.size();
  }

  private long jump(long target, Consumer<@Nullable Object[]> shown) {
    if (target < position || (target == position && isOnRow())) {
      requireScroll();
    }
    position = Math.clamp(target, 0, rows.size() + 1);
    if (!isOnRow()) {
      return 0;
    }
    show(shown);
    return 1;
  }

  private void show(Consumer<@Nullable Object[]> shown) {
    @Nullable Object[] row = rows.row(position - 1);
    current = row;
    shown.accept(row);
  }

  /**
   * A column of the primary key of the table's row that the row it is on comes from.
   *
   * @param table its name, for errors
   */
  @Nullable Object currentKey(long tableId, String table, int column) {
    List<CursorQuery.Origin> origins =
        plan.origins().stream().filter(o -> o.table().id() == tableId).toList();
    if (plan.locks() && origins.isEmpty()) {
      throw invalid("does not have a FOR UPDATE/SHARE reference to table \"" + table + "\"");
    }
    if (origins.size() > 1) {
      throw invalid("has multiple FOR UPDATE/SHARE references to table \"" + table + "\"");
    }
    if (origins.isEmpty()) {
      throw invalid("is not a simply updatable scan of table \"" + table + "\"");
    }
    @Nullable Object[] row = current;
    if (row == null) {
      throw invalid("is not positioned on a row");
    }
    return row[origins.getFirst().key().get(column)];
  }

  /** An error of one who takes the row that the cursor is on for one of a table. */
  ShardForgeException invalid(String why) {
    return new ShardForgeException(
        ErrorCode.INVALID_CURSOR_STATE, "cursor \"" + definition.name + "\" " + why);
  }

  private void requireScroll() {
    if (!definition.scrolls) {
      throw onlyForward();
    }
  }

  static ShardForgeException cannotRun(String name) {
    return new ShardForgeException(
        ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"%s\" cannot be run".formatted(name));
  }

  static ShardForgeException onlyForward() {
    return new ShardForgeException(
            ErrorCode.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
        .withHint("Declare it with SCROLL option to enable backward scan.");
  }

  void close() {
    rows.close();
  }
}
