package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.server.TestServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sequences of messages that the driver for Java never sends, but others do. */
class MessagesTest {
  private static TestServer server;
  private Socket socket;
  private DataInputStream in;
  private DataOutputStream out;

  @BeforeAll
  static void startServer() {
    server = TestServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException {
    socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(30_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
    byte[] parameters = text("user", "shardforge", "database", "shardforge", "");
    out.writeInt(2 * Integer.BYTES + parameters.length);
    out.writeInt(3 << 16);
    out.write(parameters);
    assertThat(types('Z')).endsWith("Z");
  }

  @AfterEach
  void disconnect() throws IOException {
    socket.close();
  }

  @Test
  void anErrorReachesAClientThatHasNotSentSync() throws IOException {
    send('P', text("", "select no_such_column"), shorts(0));
    assertThat(types('E')).isEqualTo("E");
    send('S');
    assertThat(types('Z')).isEqualTo("Z");
  }

  @Test
  void rowsOfNoColumnsAreDescribed() throws IOException {
    send('P', text("", "select"), shorts(0));
    send('B', text("", ""), shorts(0, 0, 0));
    send('D', new byte[] {'P'}, text(""));
    send('E', text(""), new byte[Integer.BYTES]);
    send('S');
    assertThat(types('Z')).isEqualTo("12TDCZ");
  }

  @Test
  void aCursorIsDescribedAndClosedAsAPortal() throws IOException {
    send('Q', text("begin"));
    assertThat(types('Z')).isEqualTo("CZ");
    send('P', text("", "declare c cursor for select generate_series(1, $1)"), shorts(0));
    send('B', text("", ""), shorts(0, 1), new byte[] {0, 0, 0, 1, '3'}, shorts(0));
    send('E', text(""), new byte[Integer.BYTES]);
    send('S');
    assertThat(types('Z')).isEqualTo("12CZ");
    send('D', new byte[] {'P'}, text("c"));
    send('S');
    assertThat(types('Z')).isEqualTo("TZ");
    send('Q', text("fetch all in c"));
    assertThat(types('Z')).isEqualTo("TDDDCZ");
    send('C', new byte[] {'P'}, text("c"));
    send('D', new byte[] {'P'}, text("c"));
    send('S');
    assertThat(types('Z')).isEqualTo("3EZ");
  }

  @Test
  void aClientMayTakeTextAsItIs() throws IOException {
    send('Q', text("set client_encoding = 'sql_ascii'"));
    assertThat(types('Z')).isEqualTo("SCZ");
    send('Q', text("set client_encoding = 'MULE_INTERNAL'"));
    assertThat(types('Z')).isEqualTo("EZ");
  }

  private void send(char type, byte[]... parts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.write(part);
    }
    out.writeByte(type);
    out.writeInt(Integer.BYTES + body.size());
    out.write(body.toByteArray());
  }

  private static byte[] text(String... strings) {
    return (String.join("\0", strings) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] shorts(int... numbers) {
    byte[] bytes = new byte[Short.BYTES * numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bytes[Short.BYTES * i + 1] = (byte) numbers[i];
    }
    return bytes;
  }

  /** The types of the messages up to the first one of a type. */
  private String types(char last) throws IOException {
    StringBuilder types = new StringBuilder();
    char type;
    do {
      type = (char) in.readByte();
      types.append(type);
      in.skipNBytes(in.readInt() - Integer.BYTES);
    } while (type != last);
    return types.toString();
  }
}
