package io.shardforge.sql.session;

import java.util.function.Consumer;

/**
 * The steps of work on tables on this node, for who wants to stop one at one of them. Thread-safe.
 */
public final class JobSteps {
  /** A point at which an attempt may end for no reason of its own. */
  public enum Step {
    /** Writers write the index, or keep the constraint. */
    PUBLISHED,
    /** Some rows are done, which is not noted yet. */
    WRITTEN,
    /** The place is noted. */
    NOTED,
    /** All rows are done. */
    FILLED,
    /** The index is there for readers, the constraint holds for all rows, or it is gone. */
    ENDED
  }

  private volatile Consumer<Step> watch = step -> {};

  /** Has somebody told of each step, on the thread that has done it. */
  public void watch(Consumer<Step> watcher) {
    watch = watcher;
  }

  void reached(Step step) {
    watch.accept(step);
  }
}
