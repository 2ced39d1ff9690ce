package io.shardforge.sql.session;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.system.AccessRulesView;
import io.shardforge.sql.catalog.system.EncryptionView;
import io.shardforge.sql.function.ConfigurationFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;

/** What a session may see and do of its node's configuration, and see of all connections. */
record SessionConfiguration(Session session)
    implements AccessRulesView, EncryptionView, ConfigurationFunctions {
  @Override
  public List<AccessRulesView.Entry> accessRules() {
    requireSuperuser("permission denied for view pg_hba_file_rules");
    return configuration().accessRules();
  }

  @Override
  public void reload() {
    requireSuperuser("permission denied for function pg_reload_conf");
    configuration().reload();
  }

  @Override
  public long loadedMicros() {
    return configuration().loadedMicros() - TransactionBlock.EPOCH_MICROS;
  }

  @Override
  public List<EncryptionView.Entry> connections() {
    List<EncryptionView.Entry> entries = new ArrayList<>();
    AccessCheck access = session.access();
    boolean readsAll = access.actsAs(PredefinedRole.READ_ALL_STATS);
    for (SessionReport one : new OtherSessions(session).of(ClusterSessions.Selection.ALL)) {
      SessionFactory.Encryption tls = one.encryption();
      boolean mayRead = readsAll || access.actsAs(one.roleId());
      int processId = one.processId();
      entries.add(
          tls == null || !mayRead
              ? new EncryptionView.Entry(processId, tls != null, null, null, null, null, null)
              : new EncryptionView.Entry(
                  processId,
                  true,
                  tls.protocol(),
                  tls.cipher(),
                  tls.clientName(),
                  tls.clientSerial(),
                  tls.issuerName()));
    }
    return entries;
  }

  private NodeConfiguration configuration() {
    return session.services().configuration();
  }

  private void requireSuperuser(String otherwise) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(ErrorCode.INSUFFICIENT_PRIVILEGE, otherwise);
    }
  }
}
