package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.SortBy;

/** ASC or DESC with the place of nulls. */
record SortDirection(boolean descending, boolean nullsFirst) {
  static SortDirection of(BindContext context, SortBy sort) {
    boolean descending =
        switch (sort.getSortbyDir()) {
          case SORTBY_DESC -> true;
          case SORTBY_USING -> {
            String operator = Names.last(sort.getUseOpList());
            yield switch (operator) {
              case "<" -> false;
              case ">" -> true;
              default ->
                  throw context.unsupported(sort.getLocation(), "ORDER BY USING " + operator);
            };
          }
          case SORTBY_ASC, SORTBY_DEFAULT, SORT_BY_DIR_UNDEFINED, UNRECOGNIZED -> false;
        };
    boolean nullsFirst =
        switch (sort.getSortbyNulls()) {
          case SORTBY_NULLS_FIRST -> true;
          case SORTBY_NULLS_LAST -> false;
          case SORTBY_NULLS_DEFAULT, SORT_BY_NULLS_UNDEFINED, UNRECOGNIZED -> descending;
        };
    return new SortDirection(descending, nullsFirst);
  }
}
