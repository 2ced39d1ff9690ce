package io.shardforge.server.differential;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A query and the types of its columns, which are called c0, c1, ….
 *
 * @param ordered whether it fixes the order of its rows
 */
record Query(String sql, List<ValueType> types, boolean ordered) {
  List<Scope.Column> columnsOf(String alias) {
    return IntStream.range(0, types.size())
        .mapToObj(i -> new Scope.Column(alias + ".c" + i, types.get(i), true))
        .toList();
  }
}
