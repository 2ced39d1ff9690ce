package io.shardforge.sql.backup;

import java.util.function.Consumer;

/**
 * The steps of backups and restores on this node, for who wants to stop one at one of them.
 * Thread-safe.
 */
public final class BackupSteps {
  /** A point at which an attempt may end for no reason of its own. */
  public enum Step {
    /** The job is known, nothing is done yet. */
    BEGUN,
    /** All files that are needed have been read, and are whole. */
    VERIFIED,
    /** A chunk is written, or the first rows of one, which is not noted yet. */
    WRITTEN,
    /** A chunk is done. */
    NOTED,
    /** All chunks are done. */
    FILLED,
    /** The backup, or what was restored, is there. */
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
