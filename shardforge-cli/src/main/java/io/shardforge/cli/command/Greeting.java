package io.shardforge.cli.command;

import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.Rows;
import java.sql.SQLException;

/** What a shell says first: who answers, and which cluster it belongs to. */
final class Greeting {
  private Greeting() {}

  static String of(Wire wire) {
    String server = "";
    try {
      Rows rows =
          wire.query(
              "SELECT substring(version() from 'ShardForge [^)]*'), count(*), count(*) FILTER (WHERE state ="
                  + " 'live') FROM shardforge.nodes");
      server = " %s, %s of %s nodes live.".formatted(rows.first(0), rows.first(2), rows.first(1));
    } catch (SQLException _) {
      // Some other server than ours, which serves as well.
    }
    return "shardforge sql: "
        + wire.target().address()
        + "."
        + server
        + "\nType \\? for help, \\q to leave.\n\n";
  }
}
