package io.shardforge.server.differential;

import java.util.List;

/** What stands in FROM, and the columns that it has. */
record Source(String sql, List<Scope.Column> columns) {}
