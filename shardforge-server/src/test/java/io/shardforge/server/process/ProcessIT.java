package io.shardforge.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A few minutes of the trials that {@code acceptance/process.sh} runs for hours. What was wrong is
 * kept under {@code target/process}.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ProcessIT {
  private static final long SEED = 5;

  /** The property that switches the trials off. */
  private static final String UNWANTED = "process.trials.off";

  @ParameterizedTest(name = "{0} {1} {2} ddl={3}")
  @CsvSource({
    "APPEND, SERIALIZABLE, KILL_META, false, 30",
    "BANK, REPEATABLE_READ, PARTITION, true, 30",
    "SET, READ_COMMITTED, PAUSE, false, 25",
  })
  void clientsSeeWhatTheyWerePromised(
      Trial.Load load, Isolation isolation, FaultKind fault, boolean ddl, int seconds)
      throws IOException, InterruptedException, SQLException {
    String missing =
        Boolean.getBoolean(UNWANTED)
            ? "-D" + UNWANTED + "=true was given"
            : Stage.missing(fault).orElse("");
    assumeThat(missing).as("not run: %s", missing).isEmpty();
    Trial trial = Trial.of(load, isolation, fault, seconds, SEED);
    Trial tried = ddl ? trial.withDdl() : trial;
    Path directory = Path.of("target", "process", load + "-" + fault).toAbsolutePath();
    TrialRun.Report report = new TrialRun(tried, Spoiling.NONE, directory, _ -> {}).run();
    assertThat(report.wrong())
        .as(
            "%s%nagain: shardforge-server/acceptance/process.sh %s",
            report.words(), String.join(" ", tried.words()))
        .isEqualTo(List.of());
  }
}
