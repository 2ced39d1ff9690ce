package io.shardforge.sql.exec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement did to keys that foreign keys are about, and to those that are DEFERRABLE.
 * Collected while it writes, worked off when it is done: what becomes of one key may change others.
 */
public final class KeyChanges {
  private final Deque<LostKeys> lost = new ArrayDeque<>();
  private final List<ReferredKeys> referred = new ArrayList<>();
  private final List<NewKeys> made = new ArrayList<>();

  void add(LostKeys keys) {
    lost.add(keys);
  }

  void add(ReferredKeys keys) {
    referred.add(keys);
  }

  void add(NewKeys keys) {
    made.add(keys);
  }

  /** Takes the changes of a statement that was part of this one. */
  public void addAll(KeyChanges others) {
    lost.addAll(others.lost);
    referred.addAll(others.referred);
    made.addAll(others.made);
  }

  /** The next keys that are gone, or null; those without any are passed over. */
  public @Nullable LostKeys nextLost() {
    LostKeys next = lost.poll();
    while (next != null && next.isEmpty()) {
      next = lost.poll();
    }
    return next;
  }

  /** Keys that rows refer to now. */
  public List<ReferredKeys> referred() {
    return referred;
  }

  /** Keys of rows, of which there may be several now. */
  public List<NewKeys> made() {
    return made;
  }

  /** Whether statements must follow that see what this one wrote. */
  boolean needsStatements() {
    return lost.stream().anyMatch(keys -> !keys.isEmpty())
        || made.stream().anyMatch(keys -> !keys.isEmpty())
        || referred.stream().anyMatch(keys -> !keys.isEmpty() && keys.readsEntries());
  }
}
