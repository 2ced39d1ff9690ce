package io.shardforge.sql.function;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backups that the cluster makes by itself. Obtained from EvalContext.services(). */
public interface ScheduleFunctions {
  /**
   * Has backups made from now on: a row of name and next time.
   *
   * @param databases their names; empty for the cluster
   * @param fullEvery one of so many is a full one
   * @param keep how many chains are kept, 0 for all
   */
  Iterator<@Nullable Object[]> schedule(
      String name,
      String target,
      String times,
      List<String> databases,
      boolean history,
      long fullEvery,
      long keep,
      @Nullable String keyFile);

  /**
   * All schedules: rows of name, target, times, scope, whether with history, full every, keep, key
   * file, state, next and last time, last job, error.
   */
  Iterator<@Nullable Object[]> schedules();

  /** Forgets a schedule; the backups stay. */
  String unschedule(String name);

  /** Begins no more backups, or goes on. */
  String pause(String name, boolean pause);
}
