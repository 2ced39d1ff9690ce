package io.shardforge.sql.session;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session's portals of the extended protocol by name; they do not outlive their transaction.
 * Their names are also those of cursors: FETCH, MOVE and CLOSE take either.
 */
final class Portals {
  static final int MAX = 1_000;

  /** A portal and when Bind made it, in microseconds since 2000. */
  record Open(Portal portal, long createdMicros) {}

  private final Map<String, Open> open = new LinkedHashMap<>();

  Map<String, Open> all() {
    return open;
  }

  @Nullable Portal find(String name) {
    Open found = open.get(name);
    return found == null ? null : found.portal;
  }

  Portal require(String name) {
    Portal portal = find(name);
    if (portal == null) {
      throw new ShardForgeException(
          ErrorCode.INVALID_CURSOR_NAME, "portal \"%s\" does not exist".formatted(name));
    }
    return portal;
  }

  /** Makes room for a portal: an unnamed one takes the place of the one before. */
  void prepare(String name) {
    if (!name.isEmpty() && open.containsKey(name)) {
      throw Cursors.exists(name);
    }
    close(name);
    if (open.size() >= MAX) {
      throw new ShardForgeException(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED, "a session can have %d portals".formatted(MAX));
    }
  }

  void add(String name, Portal portal, long createdMicros) {
    open.put(name, new Open(portal, createdMicros));
  }

  /** One that is not there is no error. */
  void close(String name) {
    Portal portal = find(name);
    if (portal != null) {
      open.remove(name);
      portal.close();
    }
  }

  void closeAll() {
    open.values().forEach(one -> one.portal.close());
    open.clear();
  }
}
