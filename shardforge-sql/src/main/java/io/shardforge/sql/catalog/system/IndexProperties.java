package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.IndexDescriptor;
import org.jspecify.annotations.Nullable;

/** What pg_indexam_has_property and its kin answer: indexes are ordered or inverted. */
final class IndexProperties {
  private IndexProperties() {}

  /** Of the access method; null for a property that it does not know. */
  static @Nullable Boolean ofMethod(boolean inverted, String property) {
    return switch (property) {
      case "can_multi_col" -> true;
      case "can_order", "can_unique", "can_include" -> !inverted;
      case "can_exclude" -> false;
      default -> null;
    };
  }

  /** Of a whole index; null for a property that it does not know. */
  static @Nullable Boolean ofIndex(IndexDescriptor index, String property) {
    return switch (property) {
      case "index_scan" -> !index.isInverted();
      case "bitmap_scan" -> index.isInverted();
      case "clusterable", "backward_scan" -> false;
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
    boolean ordered = key.inverted() == null;
    return switch (property) {
      case "asc" -> ordered && !key.descending();
      case "desc" -> key.descending();
      case "nulls_first" -> key.nullsFirst();
      case "nulls_last" -> ordered && !key.nullsFirst();
      case "orderable", "returnable", "search_array", "search_nulls" -> ordered;
      case "distance_orderable" -> false;
      default -> null;
    };
  }
}
