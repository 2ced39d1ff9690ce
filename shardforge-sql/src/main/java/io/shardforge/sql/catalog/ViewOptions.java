package io.shardforge.sql.catalog;

import java.util.ArrayList;
import java.util.List;

/**
 * What a view was told in WITH (...).
 *
 * @param invoker whether its relations are read with the rights of who uses it, not its owner's
 * @param barrier whether its own conditions are judged before those of who uses it
 * @param check what rows must satisfy that are written through it
 */
public record ViewOptions(boolean invoker, boolean barrier, Check check) {
  /** The options of a view that was told nothing. */
  public static final ViewOptions NONE = new ViewOptions(false, false, Check.NONE);

  /** Whose conditions a row written through a view must satisfy, and so remain in it. */
  public enum Check {
    NONE(0),
    /** Its own. */
    LOCAL(1),
    /** Its own and those of all views under it. */
    CASCADED(2);

    private final int code;

    Check(int code) {
      this.code = code;
    }

    /** What stands for it in a descriptor. */
    int code() {
      return code;
    }

    static Check of(int code) {
      for (Check check : values()) {
        if (check.code == code) {
          return check;
        }
      }
      throw CatalogErrors.corrupted("check option " + code);
    }
  }

  public ViewOptions withInvoker(boolean newInvoker) {
    return new ViewOptions(newInvoker, barrier, check);
  }

  public ViewOptions withBarrier(boolean newBarrier) {
    return new ViewOptions(invoker, newBarrier, check);
  }

  public ViewOptions withCheck(Check newCheck) {
    return new ViewOptions(invoker, barrier, newCheck);
  }

  /** The options that were given, as pg_class shows them. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    if (barrier) {
      texts.add("security_barrier=true");
    }
    if (invoker) {
      texts.add("security_invoker=true");
    }
    switch (check) {
      case NONE -> {}
      case LOCAL -> texts.add("check_option=local");
      case CASCADED -> texts.add("check_option=cascaded");
    }
    return texts;
  }
}
