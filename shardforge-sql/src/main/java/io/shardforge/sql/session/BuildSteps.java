package io.shardforge.sql.session;

import java.util.function.Consumer;

/**
 * The steps of index builds on this node, for who wants to stop one at one of them. Thread-safe.
 */
public final class BuildSteps {
  /** A point at which an attempt may end for no reason of its own. */
  public enum Step {
    /** Writers write the index. */
    PUBLISHED,
    /** The entries of some rows are written, which is not noted yet. */
    WRITTEN,
    /** The place is noted. */
    NOTED,
    /** All rows have entries. */
    FILLED,
    /** The index is there for readers, or gone. */
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
