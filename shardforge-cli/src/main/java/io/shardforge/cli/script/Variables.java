package io.shardforge.cli.script;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code \set} has given names, and what stands for {@code :name} in statements. */
public final class Variables {
  private final Map<String, String> values = new TreeMap<>();

  public @Nullable String get(String name) {
    return values.get(name);
  }

  public void set(String name, String value) {
    values.put(name, value);
  }

  public void unset(String name) {
    values.remove(name);
  }

  /** Names and values, in order of names. */
  public Map<String, String> all() {
    return Map.copyOf(values);
  }

  /**
   * What stands in place of a reference.
   *
   * @param quote 0 for the value as it is, otherwise {@code '} or {@code "}
   */
  @Nullable String replacement(String name, char quote) {
    String value = values.get(name);
    if (value == null || quote == 0) {
      return value;
    }
    String mark = String.valueOf(quote);
    return mark + value.replace(mark, mark + mark) + mark;
  }
}
