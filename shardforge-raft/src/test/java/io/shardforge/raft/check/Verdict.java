package io.shardforge.raft.check;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a judge says of a history.
 *
 * @param result whether the history keeps the promise it was judged by
 * @param anomalies examples of everything found, also of what the promise allows
 * @param ruledOut the models that the history breaks
 * @param remarks what else is worth knowing: counts, limits reached
 */
public record Verdict(
    Result result, List<Anomaly> anomalies, Set<ConsistencyModel> ruledOut, List<String> remarks) {
  /** Whether the promise was kept. */
  public enum Result {
    /** No violation exists in what the judge can see. */
    VALID,
    /** Here is a violation. */
    INVALID,
    /** The judge reached a limit of its own, or had nothing to judge by. */
    UNKNOWN
  }

  /** Copies the lists. */
  public Verdict {
    anomalies = List.copyOf(anomalies);
    ruledOut = Set.copyOf(ruledOut);
    remarks = List.copyOf(remarks);
  }

  /** Whether the promise was kept for certain. */
  public boolean isValid() {
    return result == Result.VALID;
  }

  /** Whether an instance of the phenomenon was found. */
  public boolean shows(Phenomenon phenomenon) {
    return anomalies.stream().anyMatch(anomaly -> anomaly.phenomenon() == phenomenon);
  }

  /**
   * The verdict for people: the result, the models ruled out, then each anomaly with its reason.
   */
  public String words() {
    StringBuilder text = new StringBuilder(result.name());
    if (!ruledOut.isEmpty()) {
      text.append("\nruled out: ")
          .append(
              ConsistencyModel.weakest(ruledOut).stream()
                  .sorted()
                  .map(ConsistencyModel::toString)
                  .collect(Collectors.joining(", ")))
          .append(", and what is stronger");
    }
    remarks.forEach(remark -> text.append('\n').append(remark));
    anomalies.forEach(anomaly -> text.append("\n\n").append(anomaly));
    return text.append('\n').toString();
  }
}
