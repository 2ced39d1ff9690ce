package io.shardforge.raft.route;

import java.time.Duration;

/** The bounds that keep one peer from taking all of a node's memory or patience. */
public final class RpcLimits {
  /** The greatest frame that is sent or accepted. */
  public static final int FRAME_BYTES_MAX = 64 << 20;

  /** Calls under way on one connection, counted on both of its sides. */
  public static final int CALLS_IN_FLIGHT_MAX = 8192;

  /** Bytes waiting to be sent on one connection before further calls are refused. */
  public static final long QUEUED_BYTES_MAX = 128L << 20;

  /** The time a call may take when its caller names none. */
  public static final Duration CALL_TIME_MAX = Duration.ofSeconds(60);

  /** The time in which a connection must be made and both sides must have said hello. */
  static final Duration HELLO_TIME_MAX = Duration.ofSeconds(1);

  /** A peer that owes answers and has been silent for so long is asked for a sign of life. */
  static final Duration SILENCE_BEFORE_PING = Duration.ofMillis(400);

  /** A peer that owes answers and has been silent for so long is given up. */
  static final Duration SILENCE_MAX = Duration.ofMillis(1500);

  /** The pause after a first failed attempt to connect, doubled with every further one. */
  static final Duration RECONNECT_PAUSE_MIN = Duration.ofMillis(20);

  /** The longest pause between attempts to connect. */
  static final Duration RECONNECT_PAUSE_MAX = Duration.ofMillis(500);

  /** How often calls whose time has run out are looked for. */
  static final Duration SWEEP_INTERVAL = Duration.ofMillis(100);

  /** Frames up to this size are copied together, so that a burst becomes one write. */
  static final int COALESCE_BYTES_MAX = 16 << 10;

  /** The longest text of an error that travels. */
  static final int ERROR_CHARS_MAX = 2000;

  private RpcLimits() {}
}
