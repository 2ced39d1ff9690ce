package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.expr.Expression;
import io.shardforge.sql.parse.SourceText;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binder of expressions in definitions; implemented over the planner's binder. */
public interface ExpressionBinder {
  /**
   * Where the expression stands; binding refuses what is not allowed there in PostgreSQL's words.
   */
  enum Place {
    DEFAULT,
    CHECK,
    GENERATED,
    TRANSFORM,
    INDEX_KEY,
    INDEX_PREDICATE
  }

  /**
   * A term of an index that is being made: a key column or the condition.
   *
   * @param name what a key column is called
   * @param literals by place, what to write for literals that mean another thing elsewhere
   */
  record IndexTerm(SqlType type, String name, Map<Integer, String> literals) {}

  /** Binds a term of an index under the session's settings, as part of a text if there is one. */
  IndexTerm indexTerm(
      Node expression,
      Place place,
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<ColumnDescriptor> columns,
      TypeContext settings,
      @Nullable SourceText source);

  /**
   * Binds an expression of the parse tree.
   *
   * @param columns what column references mean: ordinals of the row that it will be evaluated on
   * @param target the type to convert to by assignment, or null to leave the type alone
   * @param source the text that it is part of, if it is
   */
  Expression bind(
      Node expression,
      Place place,
      CatalogSnapshot catalog,
      List<String> searchPath,
      List<ColumnDescriptor> columns,
      @Nullable SqlType target,
      @Nullable SourceText source);

  /** Whether a default may be another value each time that it is computed in a statement. */
  boolean isVolatile(String defaultSql, CatalogSnapshot catalog, SqlType target);

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
