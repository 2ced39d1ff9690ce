package io.shardforge.raft.check.file;

import io.shardforge.raft.check.invariant.SetAction;
import java.util.ArrayList;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Jepsen's set: {@code :add 5} and {@code :read #{1 2}}, or a vector. */
public final class SetCodec implements Codec<SetAction> {
  @Override
  public @Nullable SetAction decode(String function, @Nullable Object value) {
    return switch (function) {
      case "read" ->
          new SetAction.Read(
              value instanceof Collection<?> elements ? new ArrayList<>(elements) : null);
      case "add" -> {
        if (value == null) {
          throw new IllegalArgumentException("an addition of nothing");
        }
        yield new SetAction.Add(value);
      }
      default -> null;
    };
  }

  @Override
  public String function(SetAction action) {
    return switch (action) {
      case SetAction.Read _ -> "read";
      case SetAction.Add _ -> "add";
    };
  }

  @Override
  public @Nullable Object value(SetAction action) {
    return switch (action) {
      case SetAction.Read read -> read.elements();
      case SetAction.Add add -> add.element();
    };
  }

  @Override
  public @Nullable Object asked(SetAction action) {
    return action instanceof SetAction.Read ? null : value(action);
  }
}
