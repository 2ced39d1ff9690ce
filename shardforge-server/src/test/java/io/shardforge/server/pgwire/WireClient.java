package io.shardforge.server.pgwire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends and gets bytes as they are, and knows the secret of its session. */
final class WireClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int PROTOCOL = 3 << 16;
  private static final int CANCEL = 1234 << 16 | 5678;
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private int processId;
  private byte[] secret = {};

  /** Logs in as the superuser, whom the server trusts. */
  WireClient(InetSocketAddress server) throws IOException {
    this(server, "");
  }

  /**
   * @param settings more of the startup message: names and values, each ended by a zero
   */
  WireClient(InetSocketAddress server, String settings) throws IOException {
    socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    byte[] parameters =
        ("user\0shardforge\0database\0shardforge\0" + settings + '\0')
            .getBytes(StandardCharsets.UTF_8);
    out.writeInt(8 + parameters.length);
    out.writeInt(PROTOCOL);
    out.write(parameters);
    out.flush();
    var _ = answer('Z');
  }

  int processId() {
    return processId;
  }

  void send(String sql) throws IOException {
    send('Q', (sql + '\0').getBytes(StandardCharsets.UTF_8));
  }

  void send(char kind, byte[] body) throws IOException {
    out.writeByte(kind);
    out.writeInt(4 + body.length);
    out.write(body);
    out.flush();
  }

  /** The SQLSTATE of the next error. */
  String state() throws IOException {
    for (String field : new String(answer('E'), StandardCharsets.UTF_8).split("\0", -1)) {
      if (field.startsWith("C")) {
        return field.substring(1);
      }
    }
    return "";
  }

  /** Skips to the next message of a kind. */
  byte[] answer(char wanted) throws IOException {
    while (true) {
      int kind = in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      if (kind == 'K') {
        DataInputStream key = new DataInputStream(new ByteArrayInputStream(body));
        processId = key.readInt();
        secret = key.readAllBytes();
      }
      if (kind == wanted) {
        return body;
      }
    }
  }

  /**
   * Asks a server to cancel what this client runs, and waits until it has been heard.
   *
   * @param wrong what to add to the secret
   */
  void cancelAt(InetSocketAddress server, int wrong) throws IOException {
    try (Socket other = new Socket(server.getAddress(), server.getPort())) {
      other.setSoTimeout(PATIENCE_MILLIS);
      byte[] told = secret.clone();
      told[0] += (byte) wrong;
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(request);
      fields.writeInt(12 + told.length);
      fields.writeInt(CANCEL);
      fields.writeInt(processId);
      fields.write(told);
      other.getOutputStream().write(request.toByteArray());
      int end = other.getInputStream().read();
      if (end >= 0) {
        throw new IOException("an answer to a cancel request");
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
