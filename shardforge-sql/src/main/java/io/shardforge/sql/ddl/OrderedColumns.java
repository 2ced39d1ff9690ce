package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.system.OperatorClasses;
import io.shardforge.sql.catalog.system.OperatorClasses.OperatorClass;
import io.shardforge.sql.parse.proto.IndexElem;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;
import java.util.Set;

/**
 * The operator classes of ordered indexes. Which one an index has changes nothing: values of a type
 * have one order, and text is in that of its bytes unless a collation says otherwise.
 */
final class OrderedColumns {
  /** Classes that do not ask for a collation. */
  private static final Set<String> PATTERN_CLASSES =
      Set.of("text_pattern_ops", "varchar_pattern_ops", "bpchar_pattern_ops");

  private OrderedColumns() {}

  /** The pg_opclass oid of the class that is named; 0 for the one that the type has by itself. */
  static int classOf(IndexElem element, SqlType type) {
    if (element.getOpclassCount() == 0) {
      return 0;
    }
    String name = element.getOpclass(element.getOpclassCount() - 1).getString().getSval();
    String schema =
        element.getOpclassCount() == 1 ? "pg_catalog" : element.getOpclass(0).getString().getSval();
    OperatorClass by = schema.equals("pg_catalog") ? OperatorClasses.ordered(name) : null;
    if (by == null) {
      String written = element.getOpclassCount() == 1 ? name : schema + "." + name;
      throw DdlErrors.of(
          ErrorCode.UNDEFINED_OBJECT,
          "operator class \"" + written + "\" does not exist for access method \"btree\"");
    }
    if (element.getOpclassoptsCount() > 0) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, "operator class " + name + " has no options");
    }
    require(by, type);
    return by.oid() == OperatorClasses.usual(type) ? 0 : by.oid();
  }

  /** Refuses a type that the column of an ordered index is not to have. */
  static void requireIndexable(KeyColumn key, SqlType type) {
    TableAssembly.requireIndexable(type);
    OperatorClass by = OperatorClasses.find(key.operatorClass());
    if (by != null) {
      require(by, type);
    }
  }

  private static void require(OperatorClass by, SqlType type) {
    SqlType base = PgTypes.base(type);
    int compared = OperatorClasses.comparedAs(base);
    if (by.type() == PgOid.BPCHAR && compared == PgOid.TEXT) {
      throw DdlErrors.unsupported(
          "operator class \"" + by.name() + "\" for " + PgTypes.byOid(base.oid()).displayName());
    }
    if (by.type() != compared) {
      throw DdlErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "operator class \"%s\" does not accept data type %s"
              .formatted(by.name(), PgTypes.byOid(base.oid()).displayName()));
    }
    Collation collation = type.collation();
    if (PATTERN_CLASSES.contains(by.name()) && collation != null && !collation.deterministic()) {
      throw DdlErrors.of(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "nondeterministic collations are not supported for operator class \"" + by.name() + "\"");
    }
  }
}
