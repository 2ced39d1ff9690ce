package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.InvertedClass;
import io.shardforge.sql.parse.proto.IndexElem;
import io.shardforge.sql.parse.proto.SortByDir;
import io.shardforge.sql.parse.proto.SortByNulls;
import io.shardforge.sql.row.ValueCodec;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.error.ErrorCode;

/** What CREATE INDEX ... USING gin may say of a column. */
final class InvertedColumns {
  private InvertedColumns() {}

  /** The operator class of a column: the one that is named, or that of its type. */
  static InvertedClass classOf(IndexElem element, SqlType type) {
    if (element.getOrdering() != SortByDir.SORTBY_DEFAULT) {
      throw notSupported("ASC/DESC options");
    }
    if (element.getNullsOrdering() != SortByNulls.SORTBY_NULLS_DEFAULT) {
      throw notSupported("NULLS FIRST/LAST options");
    }
    InvertedClass by;
    if (element.getOpclassCount() == 0) {
      by = InvertedClass.defaultOf(type);
      if (by == null) {
        throw DdlErrors.of(
                ErrorCode.UNDEFINED_OBJECT,
                "data type "
                    + PgTypes.byOid(type.oid()).displayName()
                    + " has no default operator class for access method \"gin\"")
            .withHint(
                "You must specify an operator class for the index or define a default operator"
                    + " class for the data type.");
      }
    } else {
      String name = element.getOpclass(element.getOpclassCount() - 1).getString().getSval();
      by = InvertedClass.named(name);
      if (by == null) {
        throw DdlErrors.of(
            ErrorCode.UNDEFINED_OBJECT,
            "operator class \"" + name + "\" does not exist for access method \"gin\"");
      }
    }
    require(by, type);
    return by;
  }

  /** Refuses a type that the column of an index, of whatever kind, is not to have. */
  static void requireIndexable(KeyColumn key, SqlType type) {
    InvertedClass by = key.inverted();
    if (by == null) {
      OrderedColumns.requireIndexable(key, type);
    } else {
      require(by, type);
    }
  }

  private static void require(InvertedClass by, SqlType type) {
    String name = PgTypes.byOid(type.oid()).displayName();
    if (!by.accepts(type)) {
      throw DdlErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "operator class \"%s\" does not accept data type %s".formatted(by.sqlName(), name));
    }
    Collation collation = type.collation();
    if (collation != null && !collation.deterministic()) {
      throw DdlErrors.unsupported("inverted index on a column with a nondeterministic collation");
    }
    if (!hasKeys(by, type)) {
      throw DdlErrors.unsupported("inverted index on a column of type " + name);
    }
  }

  /** Whether the parts of values of a type that the class is for can be keys. */
  static boolean hasKeys(InvertedClass by, SqlType type) {
    int element = PgTypes.byOid(PgTypes.base(type).oid()).elementOid();
    return by != InvertedClass.ARRAY_OPS || ValueCodec.of(SqlType.of(element)).isKeyable();
  }

  private static RuntimeException notSupported(String what) {
    return DdlErrors.of(
        ErrorCode.FEATURE_NOT_SUPPORTED, "access method \"gin\" does not support " + what);
  }
}
