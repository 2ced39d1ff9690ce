package io.shardforge.raft.check.file;

/** EDN's name for itself, as {@code :ok}. */
public record Keyword(String name) {
  @Override
  public String toString() {
    return ":" + name;
  }
}
