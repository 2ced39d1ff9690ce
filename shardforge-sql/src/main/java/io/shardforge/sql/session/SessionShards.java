package io.shardforge.sql.session;

import io.shardforge.raft.meta.ClusterSetting;
import io.shardforge.raft.meta.NodeState;
import io.shardforge.raft.meta.ScrubReport;
import io.shardforge.raft.placement.ClusterControl;
import io.shardforge.raft.placement.ShardMerger;
import io.shardforge.raft.placement.ShardSplitter;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.Memberships;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.system.ShardsView;
import io.shardforge.sql.function.ShardFunctions;
import io.shardforge.sql.row.IndexCodec;
import io.shardforge.sql.row.IndexRange;
import io.shardforge.sql.row.RowCodec;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpan;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session may see of shards, and do to those of its tables. */
final class SessionShards implements ShardFunctions, ShardsView {
  /** How long a split or a merge may take where the statement has no timeout. */
  private static final Duration CHANGE_TIME = Duration.ofSeconds(30);

  private final Session session;

  SessionShards(Session session) {
    this.session = session;
  }

  @Override
  public long splitAt(long table, List<@Nullable Object> values, List<SqlType> types) {
    byte[] key = keyOf(ownTable(table, "only the shards of tables can be split"), values, types);
    try {
      ShardSplitter.Border border = session.services().cluster().splitAt(key, deadline());
      if (!border.isNew()) {
        warn("shard %d begins there already".formatted(border.shardId()));
      }
      return border.shardId();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  @Override
  public long mergeAt(long table, List<@Nullable Object> values, List<SqlType> types) {
    byte[] key = keyOf(ownTable(table, "only the shards of tables can be merged"), values, types);
    try {
      ShardMerger.Merged merged = session.services().cluster().mergeAt(key, deadline());
      if (!merged.isNew()) {
        warn("no shard begins there: it is in shard " + merged.shardId());
      }
      return merged.shardId();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  @Override
  public long moveReplica(long shard, long from, long to) {
    SessionNodes.requireSuperuser(session);
    try {
      session.services().cluster().moveReplica(shard, (int) from, (int) to, deadline());
      return shard;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  private Deadline deadline() {
    return session.statementDeadline().earlier(Deadline.after(session.clock(), CHANGE_TIME));
  }

  private void warn(String words) {
    session.notice(Notice.warning(ErrorCode.WARNING, words));
  }

  @Override
  public Iterator<@Nullable Object[]> verifyTable(long table) {
    TableDescriptor found = ownTable(table, "only tables can be verified");
    try {
      return new TableVerification(session, found).run().iterator();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  /** A table that the session's role owns. */
  private TableDescriptor ownTable(long table, String otherwise) {
    CatalogSnapshot catalog = session.transaction().catalog().snapshot();
    Object relation = catalog.relation((int) table);
    if (relation == null) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_TABLE, "relation with OID " + table + " does not exist");
    }
    if (!(relation instanceof TableDescriptor found)) {
      throw new ShardForgeException(ErrorCode.WRONG_OBJECT_TYPE, otherwise);
    }
    RoleDescriptor role = session.role();
    if (!role.superuser() && !Memberships.inherited(catalog, role).contains(found.ownerId())) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_PRIVILEGE, "must be owner of table " + found.name());
    }
    return found;
  }

  private byte[] keyOf(TableDescriptor table, List<@Nullable Object> values, List<SqlType> types) {
    IndexDescriptor primary = table.primaryIndex();
    List<IndexDescriptor.KeyColumn> columns = primary.columns();
    if (values.size() > columns.size()) {
      throw invalid(
          "table \"%s\" has %d columns in its primary key, not %d"
              .formatted(table.name(), columns.size(), values.size()));
    }
    if (table.isSlotted(primary) && values.size() < columns.size()) {
      throw invalid(
              "table \"%s\" is cut by a hash of its whole key, of %d columns"
                  .formatted(table.name(), columns.size()))
          .withHint("Give a value for each of them.");
    }
    @Nullable Object[] converted = new @Nullable Object[values.size()];
    for (int i = 0; i < converted.length; i++) {
      ColumnDescriptor column = column(table, columns.get(i).columnNumber());
      Object value = values.get(i);
      if (value == null) {
        throw new ShardForgeException(
            ErrorCode.NULL_VALUE_NOT_ALLOWED,
            "a key of table \"" + table.name() + "\" cannot be null");
      }
      converted[i] = convert(value, types.get(i).oid(), column);
    }
    RowCodec rows = RowCodec.of(table);
    KeySpan span =
        new IndexRange(converted, null, null)
            .span(new IndexCodec(rows, primary), new KeyEncoder(64));
    if (span == null) {
      throw invalid("the values are no key of table \"" + table.name() + "\"");
    }
    return span.start();
  }

  private Object convert(Object value, int type, ColumnDescriptor column) {
    int from = type == PgOid.UNKNOWN ? PgOid.TEXT : type;
    PgType wanted = PgTypes.byOid(column.type().oid());
    if (from == wanted.oid()) {
      return wanted.coerce(value, column.type().typmod(), false);
    }
    // By way of text: a value that the column's type does not take is refused as any input is.
    String text = PgTypes.byOid(from).format(value, session.typeContext());
    return wanted.parse(text, column.type().typmod(), session.typeContext());
  }

  private static ColumnDescriptor column(TableDescriptor table, int number) {
    for (ColumnDescriptor column : table.columns()) {
      if (column.number() == number) {
        return column;
      }
    }
    throw new IllegalStateException("no column " + number + " in " + table.name());
  }

  private static ShardForgeException invalid(String message) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  @Override
  public List<ClusterControl.ShardStatus> shards() {
    try {
      return session.services().cluster().shards();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }

  @Override
  public List<ClusterControl.NodeStatus> nodes() {
    return session.services().cluster().nodes();
  }

  @Override
  public Map<Integer, NodeState> nodeStates() {
    return session.services().cluster().nodeStates();
  }

  @Override
  public String setting(ClusterSetting setting) {
    return session.services().cluster().setting(setting);
  }

  @Override
  public List<CatalogSnapshot> otherDatabases() {
    if (!session.access().actsAs(PredefinedRole.READ_ALL_STATS)) {
      return List.of();
    }
    return session.transaction().catalog().snapshot().databases().stream()
        .filter(database -> database.id() != session.databaseId())
        .map(database -> session.services().catalog().newest(database.id()))
        .toList();
  }

  @Override
  public ScrubReport scrubReport() {
    return session.services().cluster().scrubReport();
  }
}
