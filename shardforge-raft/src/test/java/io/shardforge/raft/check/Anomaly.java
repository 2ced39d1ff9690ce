package io.shardforge.raft.check;

/**
 * One instance of a phenomenon in a history.
 *
 * @param words which operations show it, and why
 */
public record Anomaly(Phenomenon phenomenon, String words) {
  @Override
  public String toString() {
    return phenomenon + ": " + words;
  }
}
