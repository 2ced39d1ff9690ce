package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.storage.mvcc.TxnId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells of one of its sessions.
 *
 * @param roleId of the role that the client logged in as
 * @param encryption null without TLS
 * @param transaction what runs, or null
 * @param locks the advisory locks that it has or waits for
 */
record SessionReport(
    int node,
    int processId,
    int databaseId,
    String database,
    int roleId,
    String user,
    boolean isSuperuser,
    @Nullable String remoteHost,
    int remotePort,
    SessionFactory.@Nullable Encryption encryption,
    SessionActivity activity,
    @Nullable TxnId transaction,
    List<AdvisoryLocks.Shown> locks) {
  static SessionReport of(int node, Session session) {
    SessionFactory.Client client = session.client();
    return new SessionReport(
        node,
        client.processId(),
        session.databaseId(),
        client.database(),
        session.loginRoleId(),
        client.user(),
        session.isSuperuser(),
        client.remoteHost(),
        client.remotePort(),
        client.encryption(),
        session.activity(),
        session.transaction().txnId(),
        session.transaction().advisoryLocks().shown());
  }

  boolean isActive() {
    return activity.state().equals("active");
  }

  /** The names of its transactions: of what runs, and of those that hold its locks. */
  List<TxnId> transactions() {
    List<TxnId> ids = new ArrayList<>();
    if (transaction != null) {
      ids.add(transaction);
    }
    locks.forEach(lock -> ids.add(lock.txn()));
    return ids;
  }

  void put(WireWriter out) {
    out.putVarint(processId)
        .putVarint(databaseId)
        .putString(database)
        .putVarint(roleId)
        .putString(user)
        .putBoolean(isSuperuser);
    putNullable(out, remoteHost);
    out.putVarint(remotePort).putBoolean(encryption != null);
    if (encryption != null) {
      out.putString(encryption.protocol()).putString(encryption.cipher());
      putNullable(out, encryption.clientName());
      BigInteger serial = encryption.clientSerial();
      out.putNullable(serial == null ? null : serial.toByteArray());
      putNullable(out, encryption.issuerName());
    }
    activity.put(out);
    out.putBoolean(transaction != null);
    if (transaction != null) {
      out.putTxnId(transaction);
    }
    out.putVarint(locks.size());
    locks.forEach(lock -> lock.put(out));
  }

  private static void putNullable(WireWriter out, @Nullable String text) {
    out.putNullable(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads what a node has put. */
  static SessionReport read(int node, WireReader in) {
    return new SessionReport(
        node,
        in.readInt(),
        in.readInt(),
        in.readString(),
        in.readInt(),
        in.readString(),
        in.readBoolean(),
        readNullable(in),
        in.readInt(),
        in.readBoolean() ? readEncryption(in) : null,
        SessionActivity.read(in),
        in.readBoolean() ? in.readTxnId() : null,
        readLocks(in));
  }

  private static SessionFactory.Encryption readEncryption(WireReader in) {
    String protocol = in.readString();
    String cipher = in.readString();
    String clientName = readNullable(in);
    byte @Nullable [] serial = in.readNullable();
    return new SessionFactory.Encryption(
        protocol,
        cipher,
        clientName,
        serial == null ? null : new BigInteger(serial),
        readNullable(in));
  }

  private static List<AdvisoryLocks.Shown> readLocks(WireReader in) {
    int count = in.readCount();
    List<AdvisoryLocks.Shown> locks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      locks.add(AdvisoryLocks.Shown.read(in));
    }
    return locks;
  }

  private static @Nullable String readNullable(WireReader in) {
    byte @Nullable [] bytes = in.readNullable();
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
