package io.shardforge.sql.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shardforge.sql.type.DateStyle;
import io.shardforge.sql.type.IntervalStyle;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finished plans by everything that went into them. Bounded; any thread. */
final class PlanCache {
  /** Plans kept. */
  static final int PLANS_MAX = 4_096;

  /** Statements longer than this are planned anew each time. */
  static final int TEXT_MAX = 16 << 10;

  /** What a plan depends on. */
  record Key(
      String text,
      int databaseId,
      long catalogVersion,
      List<String> searchPath,
      List<Integer> parameterTypes,
      boolean infersParameters,
      ZoneId zone,
      DateStyle dateStyle,
      IntervalStyle intervalStyle) {
    static Key of(String text, PlanContext context) {
      return new Key(
          text,
          context.catalog().databaseId(),
          context.catalog().version(),
          context.searchPath(),
          context.parameterTypes(),
          context.infersParameters(),
          context.types().zone(),
          context.types().dateStyle(),
          context.types().intervalStyle());
    }
  }

  private final Cache<Key, Plan> plans =
      Caffeine.newBuilder().maximumSize(PLANS_MAX).executor(Runnable::run).build();

  @Nullable Plan find(Key key) {
    return plans.getIfPresent(key);
  }

  void add(Key key, Plan plan) {
    if (key.text.length() <= TEXT_MAX) {
      plans.put(key, plan);
    }
  }
}
