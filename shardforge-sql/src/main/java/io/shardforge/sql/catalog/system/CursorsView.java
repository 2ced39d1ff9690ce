package io.shardforge.sql.catalog.system;

import java.util.List;

/** What pg_cursors shows: the cursors of this session. */
public interface CursorsView {
  /** One open cursor; its creation in microseconds since 2000. */
  record Entry(
      String name,
      String statement,
      boolean holdable,
      boolean binary,
      boolean scrollable,
      long createdMicros) {}

  List<Entry> cursors();
}
