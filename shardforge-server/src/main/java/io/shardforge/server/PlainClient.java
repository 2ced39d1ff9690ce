package io.shardforge.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The least client of PostgreSQL's protocol: sends statements to a node on this machine that trusts
 * it, waits for the end of each and drops the results.
 */
final class PlainClient implements AutoCloseable {
  private static final int PROTOCOL = 3 << 16;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int MESSAGE_MAX_BYTES = 1 << 24;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  PlainClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(socket.getOutputStream());
    Message startup = new Message();
    startup.data.writeInt(PROTOCOL);
    for (String text : new String[] {"user", "shardforge", "database", "shardforge"}) {
      startup.text(text);
    }
    startup.data.writeByte(0);
    byte[] body = startup.bytes.toByteArray();
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
    awaitReady();
  }

  /** A message's body under construction. */
  private static final class Message {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final DataOutputStream data = new DataOutputStream(bytes);

    void text(String text) throws IOException {
      data.write(text.getBytes(StandardCharsets.UTF_8));
      data.writeByte(0);
    }
  }

  /** Runs a text by the simple protocol; an error of the statement is part of the answer. */
  void simple(String sql) throws IOException {
    Message query = new Message();
    query.text(sql);
    send('Q', query);
    awaitReady();
  }

  /** Runs a {@code COPY … FROM STDIN} with these lines of text. */
  void copy(String sql, String lines) throws IOException {
    Message query = new Message();
    query.text(sql);
    send('Q', query);
    if (skipTo('G') == 'G') {
      Message data = new Message();
      data.data.write(lines.getBytes(StandardCharsets.UTF_8));
      send('d', data);
      send('c', new Message());
      awaitReady();
    }
  }

  /**
   * Sends one statement, its parameters given as text, by the extended protocol. {@link
   * #awaitReady} must follow.
   */
  void send(String sql, List<String> parameters) throws IOException {
    Message parse = new Message();
    parse.text("");
    parse.text(sql);
    parse.data.writeShort(0);
    send('P', parse);
    Message bind = new Message();
    bind.text("");
    bind.text("");
    bind.data.writeShort(0);
    bind.data.writeShort(parameters.size());
    for (String parameter : parameters) {
      byte[] value = parameter.getBytes(StandardCharsets.UTF_8);
      bind.data.writeInt(value.length);
      bind.data.write(value);
    }
    bind.data.writeShort(0);
    send('B', bind);
    Message describe = new Message();
    describe.data.writeByte('P');
    describe.text("");
    send('D', describe);
    Message execute = new Message();
    execute.text("");
    execute.data.writeInt(0);
    send('E', execute);
    send('S', new Message());
  }

  private void send(char type, Message message) throws IOException {
    byte[] body = message.bytes.toByteArray();
    ByteArrayOutputStream frame = new ByteArrayOutputStream(body.length + 5);
    DataOutputStream data = new DataOutputStream(frame);
    data.writeByte(type);
    data.writeInt(body.length + Integer.BYTES);
    data.write(body);
    frame.writeTo(out);
  }

  /** Waits for the end of what was sent. */
  void awaitReady() throws IOException {
    var _ = skipTo('Z');
  }

  /** Reads up to a message of this type, or the end of what was sent; returns which it was. */
  private int skipTo(char wanted) throws IOException {
    int type;
    do {
      type = in.readUnsignedByte();
      int length = in.readInt() - Integer.BYTES;
      if (length < 0 || length > MESSAGE_MAX_BYTES) {
        throw new IOException("a message of " + length + " bytes");
      }
      in.skipNBytes(length);
    } while (type != wanted && type != 'Z');
    return type;
  }

  @Override
  public void close() throws IOException {
    send('X', new Message());
    socket.close();
  }
}
