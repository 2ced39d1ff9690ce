package io.shardforge.raft.check.txn;

import io.shardforge.raft.check.Phenomenon;
import java.util.List;

/**
 * A cycle among transactions.
 *
 * @param nodes the transactions, each once
 * @param reasons why each comes before the next, and the last before the first
 */
record Cycle(List<Integer> nodes, List<Dependency> reasons) {
  /** Names it by the dependencies in it, Adya's way, with the variants of Elle. */
  Phenomenon phenomenon() {
    int antiDependencies = 0;
    boolean inARow = false;
    for (int i = 0; i < reasons.size(); i++) {
      if (reasons.get(i) == Dependency.RW) {
        antiDependencies++;
        inARow |= reasons.get((i + 1) % reasons.size()) == Dependency.RW;
      }
    }
    if (antiDependencies > 1) {
      return inARow
          ? variant(Phenomenon.G2_ITEM, Phenomenon.G2_ITEM_PROCESS, Phenomenon.G2_ITEM_REALTIME)
          : variant(
              Phenomenon.G_NONADJACENT,
              Phenomenon.G_NONADJACENT_PROCESS,
              Phenomenon.G_NONADJACENT_REALTIME);
    }
    if (antiDependencies == 1) {
      return variant(
          Phenomenon.G_SINGLE, Phenomenon.G_SINGLE_PROCESS, Phenomenon.G_SINGLE_REALTIME);
    }
    return reasons.contains(Dependency.WR)
        ? variant(Phenomenon.G1C, Phenomenon.G1C_PROCESS, Phenomenon.G1C_REALTIME)
        : variant(Phenomenon.G0, Phenomenon.G0_PROCESS, Phenomenon.G0_REALTIME);
  }

  private Phenomenon variant(Phenomenon plain, Phenomenon process, Phenomenon realtime) {
    if (reasons.contains(Dependency.REALTIME)) {
      return realtime;
    }
    return reasons.contains(Dependency.PROCESS) ? process : plain;
  }
}
