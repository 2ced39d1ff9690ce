package io.shardforge.sql.function;

import java.util.List;

/** pg_blocking_pids. Obtained from EvalContext.services(). */
public interface BlockingFunctions {
  /** The sessions that one waits for; 0 stands for those of nodes that do not answer. */
  List<Long> blockingPids(long pid);
}
