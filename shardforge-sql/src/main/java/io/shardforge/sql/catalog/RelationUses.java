package io.shardforge.sql.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How the sessions of a node use tables, indexes and databases. Any thread. */
public final class RelationUses {
  /** Relations that are counted; beyond that those that are used least are forgotten. */
  private static final int RELATIONS_MAX = 50_000;

  private final Cache<Key, RelationUse> relations =
      Caffeine.newBuilder().maximumSize(RELATIONS_MAX).executor(Runnable::run).build();
  private final Cache<Integer, RelationUse> databases =
      Caffeine.newBuilder().maximumSize(RELATIONS_MAX).executor(Runnable::run).build();
  private final Map<Integer, Long> resets = new ConcurrentHashMap<>();

  private record Key(int databaseId, int oid) {}

  /** The counts of a relation, to be added to. */
  // Hot path: a few calls a statement.
  public RelationUse relation(int databaseId, int oid) {
    return relations.get(new Key(databaseId, oid), key -> new RelationUse(database(databaseId)));
  }

  /** The counts of a relation, null if there are none. */
  public @Nullable RelationUse known(int databaseId, int oid) {
    return relations.getIfPresent(new Key(databaseId, oid));
  }

  /** The counts of a database as a whole. */
  public RelationUse database(int databaseId) {
    return databases.get(databaseId, _ -> new RelationUse(null));
  }

  /** When a database's counts were set to nothing, null if they never were. */
  public @Nullable Long resetMicros(int databaseId) {
    return resets.get(databaseId);
  }

  /** Sets all that is counted of a database to nothing. */
  public void reset(int databaseId, long nowMicros) {
    relations.asMap().keySet().removeIf(key -> key.databaseId == databaseId);
    databases.invalidate(databaseId);
    resets.put(databaseId, nowMicros);
  }

  /** Sets what is counted of a relation to nothing. */
  public void reset(int databaseId, int oid, long nowMicros) {
    relations.invalidate(new Key(databaseId, oid));
    resets.put(databaseId, nowMicros);
  }
}
