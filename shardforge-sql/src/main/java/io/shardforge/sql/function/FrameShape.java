package io.shardforge.sql.function;

/**
 * The shape of a window frame: in what its bounds count, where they are, and which rows around the
 * current one it leaves out. Offsets are kept beside it.
 */
public record FrameShape(Mode mode, Edge start, Edge end, Exclusion exclusion) {
  /** RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW, which no frame clause means. */
  public static final FrameShape DEFAULT =
      new FrameShape(Mode.RANGE, Edge.UNBOUNDED_PRECEDING, Edge.CURRENT_ROW, Exclusion.NO_OTHERS);

  /** What a frame counts in. */
  public enum Mode {
    ROWS,
    RANGE,
    GROUPS
  }

  /** Where a frame starts or ends. */
  public enum Edge {
    UNBOUNDED_PRECEDING,
    OFFSET_PRECEDING,
    CURRENT_ROW,
    OFFSET_FOLLOWING,
    UNBOUNDED_FOLLOWING;

    public boolean hasOffset() {
      return this == OFFSET_PRECEDING || this == OFFSET_FOLLOWING;
    }
  }

  /** What a frame leaves out. */
  public enum Exclusion {
    NO_OTHERS,
    CURRENT_ROW,
    GROUP,
    TIES
  }

  public boolean hasOffset() {
    return start.hasOffset() || end.hasOffset();
  }
}
