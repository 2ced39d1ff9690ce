package io.shardforge.sql.parse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.shardforge.sql.parse.proto.CommonTableExpr;
import io.shardforge.sql.parse.proto.JoinExpr;
import io.shardforge.sql.parse.proto.JoinType;
import io.shardforge.sql.parse.proto.LockingClause;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.SelectStmt;
import io.shardforge.sql.parse.proto.SetOperation;
import io.shardforge.sql.parse.proto.SubLink;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges where the recursive term of a WITH query names the query: once, and where every row that
 * is added can only add rows.
 */
public final class RecursiveReferences {
  /** Makes the error, 42P19, of a reference at a place in the text. */
  @FunctionalInterface
  public interface Refusal {
    ShardForgeException of(int location, String message);
  }

  private final Refusal refusal;
  private final String name;
  private boolean found;

  private RecursiveReferences(Refusal refusal, String name) {
    this.refusal = refusal;
    this.name = name;
  }

  /** Fails with 42P19 where the term names the query as it may not. */
  public static void check(Refusal refusal, String name, SelectStmt term) {
    new RecursiveReferences(refusal, name).walk(term, null);
  }

  /** Fails with 42P19 unless a query that names itself is a UNION that does so on its right. */
  public static void checkForm(Refusal refusal, CommonTableExpr cte, SelectStmt query) {
    String name = cte.getCtename();
    boolean union = query.getOp() == SetOperation.SETOP_UNION;
    if (union) {
      new RecursiveReferences(refusal, name).walk(query.getLarg(), "its non-recursive term");
      new RecursiveReferences(refusal, name).walk(query.getWithClause(), "a subquery");
    } else if (names(name, query)) {
      throw refusal.of(
          cte.getLocation(),
          "recursive query \""
              + name
              + "\" does not have the form non-recursive-term UNION [ALL] recursive-term");
    }
  }

  /** Whether a statement names the query. */
  public static boolean mentions(String name, Node statement) {
    return names(name, statement);
  }

  private static boolean names(String name, Message part) {
    if (part instanceof RangeVar range) {
      return range.getSchemaname().isEmpty() && range.getRelname().equals(name);
    }
    if (part instanceof SelectStmt select && hides(name, select)) {
      return false;
    }
    for (Object value : part.getAllFields().values()) {
      if (value instanceof Message message && names(name, message)) {
        return true;
      }
      if (value instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof Message message && names(name, message)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether a WITH query of its own has that name. */
  private static boolean hides(String name, SelectStmt select) {
    for (Node node : select.getWithClause().getCtesList()) {
      if (node.getCommonTableExpr().getCtename().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param within what the part belongs to that a reference must not be in, null if it may
   */
  private void walk(Message part, @Nullable String within) {
    switch (part) {
      case RangeVar range -> reference(range, within);
      case SubLink link -> {
        walk(link.getTestexpr(), within);
        walk(link.getSubselect(), "a subquery");
      }
      case JoinExpr join -> join(join, within);
      case SelectStmt select -> select(select, within);
      case LockingClause _ -> {}
      default -> fields(part, within);
    }
  }

  private void fields(Message part, @Nullable String within) {
    for (Object value : part.getAllFields().values()) {
      if (value instanceof Message message) {
        walk(message, within);
      } else if (value instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof Message message) {
            walk(message, within);
          }
        }
      }
    }
  }

  private void reference(RangeVar range, @Nullable String within) {
    if (!range.getSchemaname().isEmpty() || !range.getRelname().equals(name)) {
      return;
    }
    if (within != null) {
      throw wrong(range, "within " + within);
    }
    if (found) {
      throw wrong(range, "more than once");
    }
    found = true;
  }

  private ShardForgeException wrong(RangeVar range, String where) {
    return refusal.of(
        range.getLocation(),
        "recursive reference to query \"" + name + "\" must not appear " + where);
  }

  private void join(JoinExpr join, @Nullable String within) {
    String outer = "an outer join";
    JoinType type = join.getJointype();
    boolean full = type == JoinType.JOIN_FULL;
    walk(join.getLarg(), full || type == JoinType.JOIN_RIGHT ? outer : within);
    walk(join.getRarg(), full || type == JoinType.JOIN_LEFT ? outer : within);
    walk(join.getQuals(), within);
  }

  private void select(SelectStmt select, @Nullable String within) {
    if (hides(name, select)) {
      return;
    }
    SetOperation operation = select.getOp();
    boolean except = operation == SetOperation.SETOP_EXCEPT;
    String restricted =
        except ? "EXCEPT" : operation == SetOperation.SETOP_INTERSECT ? "INTERSECT" : null;
    if (restricted == null) {
      fields(select, within);
      return;
    }
    for (var field : select.getAllFields().entrySet()) {
      FieldDescriptor descriptor = field.getKey();
      if (field.getValue() instanceof SelectStmt arm) {
        boolean right = descriptor.getNumber() == SelectStmt.RARG_FIELD_NUMBER;
        walk(arm, select.getAll() || (except && right) ? restricted : within);
      } else if (field.getValue() instanceof Message message) {
        walk(message, within);
      }
    }
  }
}
