package io.shardforge.sql.catalog;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names of the schemas with the temporary objects of sessions: the number of the session's
 * process, which tells the node, and one that is never given again.
 */
public final class TemporarySchema {
  /** What a session calls its own. */
  public static final String ALIAS = "pg_temp";

  private static final String PREFIX = "pg_temp_";

  private TemporarySchema() {}

  public static String nameOf(int processId, int objectId) {
    return PREFIX + processId + "_" + objectId;
  }

  public static boolean is(String schema) {
    return schema.startsWith(PREFIX);
  }

  /** The process of the session that a temporary schema belongs to. */
  public static int processOf(String schema) {
    return Integer.parseInt(schema.substring(PREFIX.length(), schema.lastIndexOf('_')));
  }

  /** The session's own among the schemas that are searched, or null. */
  public static @Nullable String ownOf(List<String> searchPath) {
    for (String schema : searchPath) {
      if (is(schema)) {
        return schema;
      }
    }
    return null;
  }

  /**
   * The schema that a name means to a session.
   *
   * @param searchPath that of the session, empty for what is the system's own
   */
  static String resolve(List<String> searchPath, String schema) {
    if (schema.equals(ALIAS)) {
      String own = ownOf(searchPath);
      return own == null ? schema : own;
    }
    if (is(schema) && !searchPath.isEmpty() && !searchPath.contains(schema)) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "cannot access temporary tables of other sessions");
    }
    return schema;
  }
}
