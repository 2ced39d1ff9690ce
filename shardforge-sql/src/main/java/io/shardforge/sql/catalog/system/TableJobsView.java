package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.TableJob;
import java.util.List;

/** Jobs on tables under way and some that have ended. From EvalContext.services(). */
public interface TableJobsView {
  /** Those of all databases, in the order in which they began. */
  List<TableJob> tableJobs();
}
