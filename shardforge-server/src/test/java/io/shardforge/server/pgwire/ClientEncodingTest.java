package io.shardforge.server.pgwire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Clients that speak another encoding than the database. */
class ClientEncodingTest extends TwoSessions {
  private static final Charset SJIS = Charset.forName("windows-31j");

  private WireClient client(String encoding) throws IOException {
    return new WireClient(server.address(), "client_encoding\0" + encoding + '\0');
  }

  private static void query(WireClient client, String sql, Charset charset) throws IOException {
    client.send('Q', (sql + '\0').getBytes(charset));
  }

  /** The next row's only value. */
  private static byte[] value(WireClient client) throws IOException {
    byte[] row = client.answer('D');
    byte[] value = new byte[ByteBuffer.wrap(row).getInt(2)];
    System.arraycopy(row, 6, value, 0, value.length);
    return value;
  }

  @Test
  void textGoesBothWaysInTheEncodingOfTheStartup() throws Exception {
    try (WireClient client = client("latin-1")) {
      query(client, "select 'ä' || octet_length('ä') as \"ö\"", ISO_8859_1);
      assertThat(client.answer('T')).contains(0xf6);
      assertThat(value(client)).isEqualTo("ä2".getBytes(ISO_8859_1));
      query(client, "select textsend('ä')", ISO_8859_1);
      assertThat(value(client)).isEqualTo("\\xe4".getBytes(US_ASCII));
      query(client, "select pg_client_encoding()", ISO_8859_1);
      assertThat(value(client)).isEqualTo("LATIN1".getBytes(US_ASCII));
    }
  }

  @Test
  void messagesAreReadInTheEncodingThatThoseBeforeThemHaveSet() throws Exception {
    try (WireClient client = client("UTF8")) {
      ByteArrayOutputStream bind = new ByteArrayOutputStream();
      bind.write("\0p\0".getBytes(US_ASCII));
      // Two parameters, as text and binary, and a binary result.
      bind.write(new byte[] {0, 2, 0, 0, 0, 1, 0, 2, 0, 0, 0, 1, (byte) 0xe4});
      bind.write(new byte[] {0, 0, 0, 1, (byte) 0xfc, 0, 1, 0, 1});
      query(client, "set client_encoding = latin1", UTF_8);
      client.send('P', "p\0select $1::text || $2::text || 'ö'\0\0\0".getBytes(ISO_8859_1));
      client.send('B', bind.toByteArray());
      client.send('E', new byte[5]);
      client.send('S', new byte[0]);
      assertThat(value(client)).isEqualTo("äüö".getBytes(ISO_8859_1));
    }
  }

  @Test
  void whatHasNoPlaceInAnEncodingIsAnErrorAndTheConversationGoesOn() throws Exception {
    try (WireClient client = client("WIN1252")) {
      query(client, "select 'x\u0081'", ISO_8859_1);
      assertThat(client.state()).isEqualTo("22P05");
      query(client, "select chr(1078)", ISO_8859_1);
      assertThat(client.state()).isEqualTo("22P05");
      query(client, "select chr(1078)::int", ISO_8859_1);
      assertThat(client.state()).isEqualTo("22P05");
      query(client, "select 1 as one", ISO_8859_1);
      assertThat(value(client)).containsExactly('1');
    }
    try (WireClient client = client("SJIS")) {
      client.send('Q', new byte[] {'-', '-', (byte) 0x83, ' ', 0});
      assertThat(client.state()).isEqualTo("22021");
    }
    try (WireClient client = client("UTF8")) {
      client.send('Q', new byte[] {'-', '-', (byte) 0xff, 0});
      assertThat(client.state()).isEqualTo("22021");
      query(client, "select 1", UTF_8);
      assertThat(value(client)).containsExactly('1');
    }
  }

  @Test
  void aQuoteIsNotEscapedWhereABackslashMayBePartOfACharacter() throws Exception {
    try (WireClient client = client("SJIS")) {
      query(client, "select e'\\''", SJIS);
      assertThat(client.state()).isEqualTo("22P06");
      query(client, "set backslash_quote = on", SJIS);
      query(client, "select e'\\''", SJIS);
      assertThat(value(client)).containsExactly('\'');
    }
  }

  @Test
  void aSettingThatIsTakenBackIsTakenBackOnTheWireToo() throws Exception {
    try (WireClient client = client("UTF8")) {
      query(client, "begin; set local client_encoding = koi8r; select 'x'", UTF_8);
      assertThat(value(client)).containsExactly('x');
      query(client, "select 'ж'", Charset.forName("KOI8-R"));
      assertThat(value(client)).isEqualTo("ж".getBytes(Charset.forName("KOI8-R")));
      query(client, "rollback", UTF_8);
      query(client, "select 'ж'", UTF_8);
      assertThat(value(client)).isEqualTo("ж".getBytes(UTF_8));
    }
  }

  @Test
  void copyConvertsWhateverPiecesItComesIn() throws Exception {
    try (WireClient client = client("SJIS")) {
      query(client, "create table ce (a text, b text)", SJIS);
      query(client, "copy ce from stdin", SJIS);
      var _ = client.answer('G');
      // The second byte of the first character is a backslash.
      for (byte one : "ソー\t表\n\\N\t能\n".getBytes(SJIS)) {
        client.send('d', new byte[] {one});
      }
      client.send('c', new byte[0]);
      assertThat(new String(client.answer('C'), US_ASCII)).startsWith("COPY 2");
      try (Statement s = a.createStatement();
          ResultSet rows = s.executeQuery("select a || b from ce where a is not null")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString(1)).isEqualTo("ソー表");
      }
      query(client, "copy (select a from ce where a is not null) to stdout (format csv)", SJIS);
      assertThat(client.answer('d')).isEqualTo("ソー\n".getBytes(SJIS));
      query(
          client, "copy (select a from ce where a is not null) to stdout (encoding 'utf-8')", SJIS);
      assertThat(client.answer('d')).isEqualTo("ソー\n".getBytes(UTF_8));
      query(client, "copy (select chr(8364)) to stdout", SJIS);
      assertThat(client.state()).isEqualTo("22P05");
      query(client, "copy ce from stdin", SJIS);
      client.send('d', new byte[] {'x', '\t', (byte) 0x83});
      client.send('c', new byte[0]);
      assertThat(client.state()).isEqualTo("22021");
      query(client, "drop table ce", SJIS);
      assertThat(new String(client.answer('C'), US_ASCII)).startsWith("DROP");
    }
  }
}
