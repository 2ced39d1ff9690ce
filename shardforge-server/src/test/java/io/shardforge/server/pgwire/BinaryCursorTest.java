package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Cursors whose rows a client gets in binary form without asking for it. */
class BinaryCursorTest extends TwoSessions {
  /** The next row's only value. */
  private static byte[] value(WireClient client) throws IOException {
    byte[] row = client.answer('D');
    return Arrays.copyOfRange(row, 6, row.length);
  }

  @Test
  void onlyTheRowsOfTheCursorAreBinary() throws Exception {
    try (WireClient client = new WireClient(server.address())) {
      client.send(
          "begin; declare c binary cursor for select 258; declare d cursor for select 258;"
              + " fetch d; fetch c; select is_binary from pg_cursors where name = 'c'; rollback");
      assertThat(value(client)).containsExactly('2', '5', '8');
      byte[] description = client.answer('T');
      assertThat(description[description.length - 1]).isEqualTo((byte) 1);
      assertThat(value(client)).containsExactly(0, 0, 1, 2);
      assertThat(value(client)).containsExactly('t');
    }
  }
}
