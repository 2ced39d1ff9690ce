package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.system.ActivityView;
import io.shardforge.sql.catalog.system.CursorsView;
import io.shardforge.sql.catalog.system.PreparedStatementsView;
import io.shardforge.sql.catalog.system.SettingsView;
import io.shardforge.sql.catalog.system.StatementsView;
import io.shardforge.sql.function.StatementFunctions;
import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What system tables show of sessions and settings. */
final class SessionViews
    implements ActivityView,
        CursorsView,
        PreparedStatementsView,
        SettingsView,
        StatementsView,
        StatementFunctions {
  private final Session session;

  SessionViews(Session session) {
    this.session = session;
  }

  @Override
  public List<ActivityView.Entry> sessions() {
    List<SessionReport> sessions = new OtherSessions(session).of(ClusterSessions.Selection.ALL);
    Map<Integer, String> lockWaits = new ClusterLocks(session).waits(sessions);
    AccessCheck access = session.access();
    boolean readsAll = access.actsAs(PredefinedRole.READ_ALL_STATS);
    List<ActivityView.Entry> entries = new ArrayList<>();
    for (SessionReport one : sessions) {
      SessionActivity activity = one.activity();
      String lockWait = lockWaits.get(one.processId());
      boolean idle = activity.state().startsWith("idle");
      boolean mayRead = readsAll || access.actsAs(one.roleId());
      entries.add(
          new ActivityView.Entry(
              one.node(),
              one.processId(),
              one.databaseId(),
              one.database(),
              one.roleId(),
              one.user(),
              activity.applicationName(),
              one.remoteHost(),
              one.remotePort(),
              micros(activity.sessionStartMillis()),
              activity.state().startsWith("idle in") || one.isActive()
                  ? (Long) micros(activity.transactionStartMillis())
                  : null,
              micros(activity.queryStartMillis()),
              micros(activity.stateChangeMillis()),
              lockWait != null ? "Lock" : idle ? "Client" : null,
              lockWait != null ? lockWait : idle ? "ClientRead" : null,
              activity.state(),
              mayRead ? activity.shownQuery() : "<insufficient privilege>"));
    }
    return entries;
  }

  @Override
  public List<CursorsView.Entry> cursors() {
    List<CursorsView.Entry> entries = new ArrayList<>();
    for (Cursor cursor : session.transaction().cursors().all()) {
      Cursor.Definition c = cursor.definition();
      entries.add(
          new CursorsView.Entry(
              c.name(), c.statement(), c.holds(), c.binary(), c.scrolls(), c.createdMicros()));
    }
    session
        .portals()
        .all()
        .forEach((name, open) -> {
          ParsedStatement statement = open.portal().prepared().statement();
          if (statement != null) {
            entries.add(
                new CursorsView.Entry(
                    name, statement.source().text(), false, false, false, open.createdMicros()));
          }
        });
    return entries;
  }

  @Override
  public List<PreparedStatementsView.Entry> preparedStatements() {
    List<PreparedStatementsView.Entry> entries = new ArrayList<>();
    for (PreparedStatement prepared : session.statements().values()) {
      ParsedStatement statement = prepared.statement();
      if (prepared.name().isEmpty()) {
        continue;
      }
      List<Integer> results = new ArrayList<>();
      prepared.columns().forEach(column -> results.add(column.type().oid()));
      entries.add(
          new PreparedStatementsView.Entry(
              prepared.name(),
              statement == null ? "" : statement.source().text(),
              prepared.preparedMicros(),
              Arrays.stream(prepared.parameterTypes()).boxed().toList(),
              results.isEmpty() ? null : results,
              prepared.isFromSql()));
    }
    return entries;
  }

  @Override
  public List<StatementsView.Entry> statements() {
    return session
        .services()
        .statements()
        .entries(session.roleId(), session.access().actsAs(PredefinedRole.READ_ALL_STATS));
  }

  @Override
  public long reset(long roleId, long databaseId, long queryId) {
    if (!session.role().superuser()) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied for function pg_stat_statements_reset");
    }
    session.services().statements().reset(roleId, databaseId, queryId);
    return session.transaction().nowMicros();
  }

  private static long micros(long wallMillis) {
    return wallMillis * 1000 - TransactionBlock.EPOCH_MICROS;
  }

  @Override
  public List<SettingsView.Entry> settings() {
    List<SettingsView.Entry> entries = new ArrayList<>();
    for (Setting setting : Setting.all()) {
      entries.add(
          new SettingsView.Entry(
              setting.name(),
              session.scope().settingValue(setting.name()),
              setting.defaultValue(),
              setting.internal() ? "internal" : LogSettings.contextOf(setting.name()),
              setting.type(),
              setting.description()));
    }
    for (Map.Entry<ClusterSetting, String> setting :
        session.services().cluster().settings().entrySet()) {
      ClusterSetting key = setting.getKey();
      entries.add(
          new SettingsView.Entry(
              key.key(),
              setting.getValue(),
              key.defaultText(),
              "sighup",
              key.type(),
              "The same for the whole cluster."));
    }
    return entries;
  }
}
