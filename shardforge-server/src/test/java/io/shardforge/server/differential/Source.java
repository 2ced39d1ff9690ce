package io.shardforge.server.differential;

import java.util.List;

/**
 * What stands in FROM, and the columns that it has.
 *
 * @param distinct whether no two rows are equal
 */
record Source(String sql, List<Scope.Column> columns, boolean distinct) {}
