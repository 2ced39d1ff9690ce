package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;

/**
 * What a node tells of one of its sessions.
 *
 * @param roleId of the role that the client logged in as
 */
record SessionReport(int node, int processId, int databaseId, int roleId, boolean isSuperuser) {
  static SessionReport of(int node, Session session) {
    return new SessionReport(
        node,
        session.client().processId(),
        session.databaseId(),
        session.loginRoleId(),
        session.isSuperuser());
  }

  void put(WireWriter out) {
    out.putVarint(processId).putVarint(databaseId).putVarint(roleId).putBoolean(isSuperuser);
  }

  /** Reads what a node has put. */
  static SessionReport read(int node, WireReader in) {
    return new SessionReport(node, in.readInt(), in.readInt(), in.readInt(), in.readBoolean());
  }
}
