package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.IndexDescriptor;
import org.jspecify.annotations.Nullable;

/** What pg_indexam_has_property and its kin answer: all indexes are ordered ones. */
final class IndexProperties {
  private IndexProperties() {}

  /** Of the access method; null for a property that it does not know. */
  static @Nullable Boolean ofMethod(String property) {
    return switch (property) {
      case "can_order", "can_unique", "can_multi_col", "can_include" -> true;
      case "can_exclude" -> false;
      default -> null;
    };
  }

  /** Of a whole index; null for a property that it does not know. */
  static @Nullable Boolean ofIndex(String property) {
    return switch (property) {
      case "index_scan" -> true;
      case "clusterable", "bitmap_scan", "backward_scan" -> false;
      default -> null;
    };
  }

  /** Of a column of an index, counted from 1; null for one that is not there. */
  static @Nullable Boolean ofColumn(IndexDescriptor index, int column, String property) {
    int keys = index.columns().size();
    if (column < 1 || column > keys + index.included().size()) {
      return null;
    }
    if (column > keys) {
      return switch (property) {
        case "returnable" -> true;
        case "orderable", "distance_orderable" -> false;
        default -> null;
      };
    }
    IndexDescriptor.KeyColumn key = index.columns().get(column - 1);
    return switch (property) {
      case "asc" -> !key.descending();
      case "desc" -> key.descending();
      case "nulls_first" -> key.nullsFirst();
      case "nulls_last" -> !key.nullsFirst();
      case "orderable", "returnable", "search_array", "search_nulls" -> true;
      case "distance_orderable" -> false;
      default -> null;
    };
  }
}
