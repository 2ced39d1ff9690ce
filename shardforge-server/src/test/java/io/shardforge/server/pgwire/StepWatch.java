package io.shardforge.server.pgwire;

import io.shardforge.server.TestServer;
import io.shardforge.sql.session.JobSteps.Step;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** What tests do at the steps of work on a table. */
final class StepWatch {
  private StepWatch() {}

  /** An attempt that dies with its node: nothing of it cleans up. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("died for a test", null, false, false);
    }
  }

  /** Does something once, when an attempt on a server reaches a step. */
  static void once(TestServer server, Step at, Callable<?> work) {
    AtomicBoolean done = new AtomicBoolean();
    server
        .sql()
        .jobSteps()
        .watch(step -> {
          if (step == at && done.compareAndSet(false, true)) {
            try {
              var _ = work.call();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }
}
