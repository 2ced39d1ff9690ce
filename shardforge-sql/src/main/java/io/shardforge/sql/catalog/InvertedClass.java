package io.shardforge.sql.catalog;

import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An operator class of inverted indexes: what such an index has of a value, and for which operators
 * that is of use.
 */
public enum InvertedClass {
  /** The elements of an array. */
  ARRAY_OPS(1, 10064),
  /** The keys and the values of a document, wherever they are in it. */
  JSONB_OPS(2, 10090),
  /** The values of a document, each with its path. */
  JSONB_PATH_OPS(3, 10091);

  private final int number;
  private final int oid;

  InvertedClass(int number, int oid) {
    this.number = number;
    this.oid = oid;
  }

  /** The number in stored descriptors. */
  int number() {
    return number;
  }

  static InvertedClass ofNumber(int number) {
    for (InvertedClass one : values()) {
      if (one.number == number) {
        return one;
      }
    }
    throw CatalogErrors.corrupted("operator class " + number);
  }

  /** What PostgreSQL calls it. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its row of pg_opclass. */
  public int oid() {
    return oid;
  }

  /** Whether it has keys for {@code column operator value}. */
  public boolean serves(String operator) {
    return switch (operator) {
      case "@>" -> true;
      case "<@", "&&", "=" -> this == ARRAY_OPS;
      case "@?", "@@" -> this != ARRAY_OPS;
      case "?", "?|", "?&" -> this == JSONB_OPS;
      default -> false;
    };
  }

  /** The class that has a name, or null. */
  public static @Nullable InvertedClass named(String name) {
    for (InvertedClass one : values()) {
      if (one.sqlName().equals(name)) {
        return one;
      }
    }
    return null;
  }

  /** The class that columns of a type have unless they name one; null if there is none. */
  public static @Nullable InvertedClass defaultOf(SqlType type) {
    int oid = PgTypes.base(type).oid();
    if (oid == PgOid.JSONB) {
      return JSONB_OPS;
    }
    return PgTypes.byOid(oid).isArray() ? ARRAY_OPS : null;
  }

  /** Whether it is for values of a type. */
  public boolean accepts(SqlType type) {
    InvertedClass usual = defaultOf(type);
    return this == usual || (this == JSONB_PATH_OPS && usual == JSONB_OPS);
  }
}
