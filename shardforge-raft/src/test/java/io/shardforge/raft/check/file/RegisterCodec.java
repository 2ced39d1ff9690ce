package io.shardforge.raft.check.file;

import io.shardforge.raft.check.register.RegisterAction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations on registers: {@code :read}, {@code :write} and {@code :cas}, of one register or, as
 * Jepsen's independent workloads write them, with {@code [key value]} for a value.
 */
public final class RegisterCodec implements Codec<RegisterAction> {
  private static final String ONLY_KEY = "register";

  private final boolean keyed;

  /** Whether values come with their keys. */
  public RegisterCodec(boolean keyed) {
    this.keyed = keyed;
  }

  @Override
  public @Nullable RegisterAction decode(String function, @Nullable Object value) {
    Object key = ONLY_KEY;
    Object rest = value;
    if (keyed) {
      if (!(value instanceof List<?> pair) || pair.size() != 2 || pair.get(0) == null) {
        return null;
      }
      key = pair.get(0);
      rest = pair.get(1);
    }
    return switch (function) {
      case "read" -> new RegisterAction.Read(key, rest);
      case "write" -> new RegisterAction.Write(key, rest);
      case "cas" -> {
        if (!(rest instanceof List<?> values) || values.size() != 2) {
          throw new IllegalArgumentException("not an expected and a new value: " + rest);
        }
        yield new RegisterAction.CompareAndSet(key, values.get(0), values.get(1));
      }
      default -> null;
    };
  }

  @Override
  public String function(RegisterAction action) {
    return switch (action) {
      case RegisterAction.Read _ -> "read";
      case RegisterAction.Write _ -> "write";
      case RegisterAction.CompareAndSet _ -> "cas";
    };
  }

  @Override
  public @Nullable Object value(RegisterAction action) {
    Object value =
        switch (action) {
          case RegisterAction.Read read -> read.value();
          case RegisterAction.Write write -> write.value();
          case RegisterAction.CompareAndSet set -> pair(set.expected(), set.value());
        };
    return keyed ? pair(action.key(), value) : value;
  }

  private static List<@Nullable Object> pair(@Nullable Object first, @Nullable Object second) {
    List<@Nullable Object> pair = new ArrayList<>();
    pair.add(first);
    pair.add(second);
    return pair;
  }

  @Override
  public @Nullable Object asked(RegisterAction action) {
    return action instanceof RegisterAction.Read read
        ? value(new RegisterAction.Read(read.key(), null))
        : value(action);
  }
}
