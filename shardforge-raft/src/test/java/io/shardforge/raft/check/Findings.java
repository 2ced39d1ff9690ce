package io.shardforge.raft.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a judge has found so far: a few examples of each phenomenon, and how many there were. */
public final class Findings {
  private static final int EXAMPLES_MAX = 8;

  private final Map<Phenomenon, List<Anomaly>> examples = new EnumMap<>(Phenomenon.class);
  private final Map<Phenomenon, Integer> counts = new EnumMap<>(Phenomenon.class);
  private final List<String> remarks = new ArrayList<>();

  /** Counts an anomaly; its words are made only if it becomes an example. */
  public void add(Phenomenon phenomenon, Supplier<String> words) {
    int count = counts.merge(phenomenon, 1, Integer::sum);
    if (count <= EXAMPLES_MAX) {
      examples
          .computeIfAbsent(phenomenon, _ -> new ArrayList<>())
          .add(new Anomaly(phenomenon, words.get()));
    }
  }

  /** Adds a line to the verdict that is not an anomaly. */
  public void remark(String line) {
    remarks.add(line);
  }

  /** Whether nothing was found. */
  public boolean isEmpty() {
    return counts.isEmpty();
  }

  /** Judges by a model: invalid if anything was found that the model forbids. */
  public Verdict verdict(ConsistencyModel model) {
    return verdict(
        counts.keySet().stream().anyMatch(model::forbids)
            ? Verdict.Result.INVALID
            : Verdict.Result.VALID);
  }

  /** Gives the result that the judge has come to. */
  public Verdict verdict(Verdict.Result result) {
    List<String> lines = new ArrayList<>(remarks);
    counts.forEach((phenomenon, count) -> {
      if (count > EXAMPLES_MAX) {
        lines.add(phenomenon + ": " + count + " instances, " + EXAMPLES_MAX + " shown");
      }
    });
    return new Verdict(
        result,
        examples.values().stream().flatMap(List::stream).toList(),
        ConsistencyModel.ruledOut(counts.keySet()),
        lines);
  }
}
