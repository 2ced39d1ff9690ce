package io.shardforge.raft.check.txn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a transaction. */
public sealed interface MicroOp {
  /** The object that it reads or writes. */
  Object key();

  /** Adds an element, unique to its key, to the end of a list. */
  record Append(Object key, Object element) implements MicroOp {
    @Override
    public String toString() {
      return "append " + key + " " + element;
    }
  }

  /** Replaces a register's value by one that is unique to its key. */
  record Write(Object key, Object value) implements MicroOp {
    @Override
    public String toString() {
      return "write " + key + " " + value;
    }
  }

  /**
   * Reads a list or a register.
   *
   * @param value what it saw: a list's elements, a register's value, or null, which is the initial
   *     state if the transaction is known to have committed and otherwise not known
   */
  record Read(Object key, @Nullable Object value) implements MicroOp {
    private static final int SHOWN_MAX = 24;

    /** The value of a list: that of a list nobody appended to is empty. */
    List<?> elements() {
      if (value == null) {
        return List.of();
      }
      if (value instanceof List<?> list) {
        return list;
      }
      throw new IllegalArgumentException("read of " + key + " is no list: " + value);
    }

    @Override
    public String toString() {
      if (value instanceof List<?> list && list.size() > SHOWN_MAX) {
        return "read %s [… %d elements … %s]"
            .formatted(
                key,
                list.size() - SHOWN_MAX,
                list.subList(list.size() - SHOWN_MAX, list.size()).toString().replaceAll("^.", ""))
            .replace("]]", "]");
      }
      return "read " + key + " " + (value == null ? "nil" : value);
    }
  }
}
