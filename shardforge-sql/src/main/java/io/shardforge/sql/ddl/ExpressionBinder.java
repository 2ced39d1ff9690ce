package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The binder of expressions in definitions; implemented over the planner's binder. */
public interface ExpressionBinder {
  /**
   * Where the expression stands; binding refuses what is not allowed there in PostgreSQL's words.
   */
  enum Place {
    DEFAULT,
    CHECK,
    TRANSFORM
  }

  /**
   * Binds an expression of the parse tree.
   *
   * @param columns what column references mean: ordinals of the row that it will be evaluated on
   * @param target the type to convert to by assignment, or null to leave the type alone
   */
  Expression bind(
      Node expression,
      Place place,
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target);

  /** Parses the text of a stored definition. */
  Node parse(String sql);

  /** As {@link #bind}, for the text of a stored definition. */
  Expression bindText(
      String sql,
      Place place,
      CatalogSnapshot catalog,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target);
}
