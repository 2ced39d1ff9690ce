package io.shardforge.sql.function;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** What is done about alerts. Obtained from EvalContext.services(). */
public interface AlertFunctions {
  /** Tells all receivers of a test; rows of receiver, whether it took it, and what it said. */
  Iterator<@Nullable Object[]> testAlert();
}
