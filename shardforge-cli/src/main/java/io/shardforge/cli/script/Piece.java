package io.shardforge.cli.script;

/** What is to be done next with what was read. */
public sealed interface Piece {
  /** A statement without its semicolon. */
  record Statement(String text) implements Piece {}

  /** A backslash command: its line without the backslash. */
  record Command(String line) implements Piece {}
}
