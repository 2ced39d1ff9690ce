package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.IndexBuild;
import java.util.List;

/** Index builds under way and some that have ended. From EvalContext.services(). */
public interface IndexBuildsView {
  /** Those of all databases, in the order in which they began. */
  List<IndexBuild> indexBuilds();
}
