package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.ForeignKeyDescriptor.Action;
import io.shardforge.sql.catalog.ForeignKeyDescriptor.Timing;
import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor.DeferrableKey;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.catalog.RoleDescriptor.Membership;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.ComputedColumn;
import io.shardforge.sql.catalog.TableDescriptor.Successor;
import io.shardforge.sql.catalog.ViewDescriptor.ReadColumn;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.type.EnumLabel;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of descriptors: a format byte, then the fields in order. A row of a newer format
 * is refused rather than guessed at.
 */
final class DescriptorCodec {
  private static final int FORMAT = 1;

  /** The same with options at the end; only tables have it, and only where they have some. */
  private static final int FORMAT_WITH_OPTIONS = 2;

  /** The same for tables cut by hash: who does not know of slots must not read their rows. */
  private static final int FORMAT_WITH_ARCS = 3;

  /** The same with foreign keys at the end: who does not know of them must not write rows. */
  private static final int FORMAT_WITH_FOREIGN_KEYS = 4;

  /** The same with constraints that are checked later, or that not all rows keep. */
  private static final int FORMAT_WITH_CONSTRAINT_STATES = 5;

  /** The same with what some indexes have more: who does not know of it must not write rows. */
  private static final int FORMAT_WITH_INDEX_TERMS = 6;

  /** Statistics with those of columns at the end. */
  private static final int FORMAT_WITH_COLUMNS = 2;

  /** The same with parts of the columns' values. */
  private static final int FORMAT_WITH_PARTS = 3;

  /** The same with generated columns: who does not know of them must not write rows. */
  private static final int FORMAT_WITH_GENERATED_COLUMNS = 7;

  /**
   * The same with what older rows have in columns that were added: who ignores it misreads rows.
   */
  private static final int FORMAT_WITH_MISSING_VALUES = 8;

  /**
   * Views that say what rows written through them must be like, or whose conditions go first: who
   * does not know of that must not use them.
   */
  private static final int VIEW_FORMAT_WITH_CHECK = 2;

  /** The same with keys that are DEFERRABLE: who does not know of them must not write rows. */
  private static final int FORMAT_WITH_DEFERRABLE_KEYS = 9;

  /** The same with inverted indexes: who does not know of them must not write rows. */
  private static final int FORMAT_WITH_INVERTED_INDEXES = 10;

  /** The same with columns that refuse null before they are known to have none. */
  private static final int FORMAT_WITH_REFUSED_NULLS = 11;

  /** Tables whose rows are being written anew. */
  private static final int FORMAT_WITH_SUCCESSOR = 12;

  /** The same with new columns, whose values rows keep, or with other keys than row ids. */
  private static final int FORMAT_WITH_KEPT_VALUES = 13;

  /** The same with storage parameters and operator classes; there need be no successor. */
  private static final int FORMAT_WITH_PARAMETERS = 14;

  /** Where other columns have the kind of their identity. */
  private static final char GENERATED = 's';

  /** What kind of type a descriptor is: the letter of pg_type.typtype. */
  private static final int TYPE_ENUM = 'e';

  private static final int TYPE_DOMAIN = 'd';

  private DescriptorCodec() {}

  static byte[] encode(CatalogObject object) {
    DescriptorWriter out =
        new DescriptorWriter().putByte(formatOf(object)).putLong(object.version());
    switch (object) {
      case DatabaseDescriptor d ->
          out.putString(d.name())
              .putInt(d.ownerId())
              .putBoolean(d.allowConnections())
              .putInt(d.connectionLimit());
      case RoleDescriptor r -> encodeRole(out, r);
      case SchemaDescriptor s -> out.putInt(s.databaseId()).putString(s.name()).putInt(s.ownerId());
      case TableDescriptor t -> encodeTable(out, t);
      case SequenceDescriptor s -> encodeSequence(out, s);
      case ViewDescriptor v -> encodeView(out, v);
      case EnumDescriptor e ->
          out.putByte(TYPE_ENUM)
              .putInt(e.schemaId())
              .putString(e.name())
              .putInt(e.ownerId())
              .putInt(e.arrayId())
              .putList(
                  e.labels(),
                  (o, l) -> o.putInt(l.oid()).putLong(l.position()).putString(l.text()));
      case DomainDescriptor d ->
          out.putByte(TYPE_DOMAIN)
              .putInt(d.schemaId())
              .putString(d.name())
              .putInt(d.ownerId())
              .putInt(d.arrayId())
              .putType(d.base())
              .putBoolean(d.notNull())
              .putOptionalString(d.defaultSql())
              .putList(d.checks(), DescriptorCodec::encodeCheck);
      case CommentDescriptor c -> out.putInt(c.classId()).putString(c.text());
      case GrantsDescriptor g -> out.putList(g.grants(), DescriptorCodec::encodeGrant);
      case DefaultPrivilegesDescriptor d ->
          out.putList(
              d.entries(),
              (to, e) ->
                  to.putInt(e.oid())
                      .putByte(e.kind())
                      .putList(e.grants(), DescriptorCodec::encodeGrant));
      case SettingsDescriptor s -> out.putList(s.settings(), DescriptorWriter::putString);
      case CombinedStatistics s -> CombinedStatisticsCodec.encode(out, s);
      case CollationDescriptor c ->
          out.putInt(c.schemaId())
              .putString(c.name())
              .putInt(c.ownerId())
              .putOptionalString(c.locale())
              .putBoolean(c.deterministic())
              .putOptionalString(c.orderVersion());
      case StatisticsDescriptor s -> {
        out.putLong(s.rows());
        if (!s.columns().isEmpty()) {
          out.putList(s.columns(), DescriptorCodec::encodeColumnStatistics);
          if (formatOf(s) == FORMAT_WITH_PARTS) {
            s.columns().forEach(c -> out.putList(c.parts(), DescriptorCodec::encodeCommon));
          }
        }
      }
    }
    return out.toByteArray();
  }

  static CatalogObject decode(ObjectKey key, byte[] buffer, int at, int length) {
    DescriptorReader in = new DescriptorReader(buffer, at, length);
    int format = in.getByte();
    boolean known =
        format == FORMAT
            || (format > FORMAT
                && format <= FORMAT_WITH_PARAMETERS
                && key.kind() == ObjectKey.Kind.TABLE)
            || (format == VIEW_FORMAT_WITH_CHECK && key.kind() == ObjectKey.Kind.VIEW)
            || ((format == FORMAT_WITH_COLUMNS || format == FORMAT_WITH_PARTS)
                && key.kind() == ObjectKey.Kind.STATISTICS);
    if (!known) {
      throw CatalogErrors.corrupted("format " + format + ", this version reads " + FORMAT);
    }
    long version = in.getLong();
    int id = key.id();
    CatalogObject object =
        switch (key.kind()) {
          case DATABASE ->
              new DatabaseDescriptor(
                  id, version, in.getString(), in.getInt(), in.getBoolean(), in.getInt());
          case ROLE -> decodeRole(id, version, in);
          case SCHEMA ->
              new SchemaDescriptor(id, version, in.getInt(), in.getString(), in.getInt());
          case TABLE -> decodeTable(id, version, in, format);
          case SEQUENCE -> decodeSequence(id, version, in);
          case VIEW ->
              new ViewDescriptor(
                  id,
                  version,
                  in.getInt(),
                  in.getString(),
                  in.getInt(),
                  in.getString(),
                  in.getList(DescriptorCodec::decodeColumn),
                  in.getList(DescriptorCodec::decodeReading),
                  decodeViewOptions(in, format));
          case TYPE -> decodeType(id, version, in);
          case COMMENT, SHARED_COMMENT ->
              new CommentDescriptor(id, version, in.getInt(), key.subId(), in.getString());
          case DEFAULT_PRIVILEGES ->
              new DefaultPrivilegesDescriptor(
                  id,
                  version,
                  key.subId(),
                  in.getList(from ->
                      new DefaultPrivilegesDescriptor.Entry(
                          from.getInt(),
                          (char) from.getByte(),
                          from.getList(DescriptorCodec::decodeGrant))));
          case SETTINGS ->
              new SettingsDescriptor(
                  id, version, key.subId(), in.getList(DescriptorReader::getString));
          case COLLATION ->
              new CollationDescriptor(
                  id,
                  version,
                  in.getInt(),
                  in.getString(),
                  in.getInt(),
                  in.getOptionalString(),
                  in.getBoolean(),
                  in.getOptionalString());
          case COMBINED_STATISTICS -> CombinedStatisticsCodec.decode(id, version, in);
          case STATISTICS ->
              new StatisticsDescriptor(
                  id,
                  version,
                  in.getLong(),
                  format == FORMAT ? List.of() : decodeColumnStatistics(in, format));
          case GRANTS, SHARED_GRANTS ->
              new GrantsDescriptor(
                  id,
                  version,
                  key.subId(),
                  key.kind() == ObjectKey.Kind.SHARED_GRANTS,
                  in.getList(DescriptorCodec::decodeGrant));
        };
    in.expectEnd();
    return object;
  }

  private static void encodeView(DescriptorWriter out, ViewDescriptor v) {
    out.putInt(v.schemaId())
        .putString(v.name())
        .putInt(v.ownerId())
        .putString(v.sql())
        .putList(v.columns(), DescriptorCodec::encodeColumn)
        .putList(v.readings(), DescriptorCodec::encodeReading)
        .putBoolean(v.options().invoker());
    if (formatOf(v) == VIEW_FORMAT_WITH_CHECK) {
      out.putBoolean(v.options().barrier()).putByte(v.options().check().code());
    }
  }

  private static ViewOptions decodeViewOptions(DescriptorReader in, int format) {
    ViewOptions options = ViewOptions.NONE.withInvoker(in.getBoolean());
    return format == VIEW_FORMAT_WITH_CHECK
        ? options.withBarrier(in.getBoolean()).withCheck(ViewOptions.Check.of(in.getByte()))
        : options;
  }

  private static TypeDescriptor decodeType(int id, long version, DescriptorReader in) {
    int kind = in.getByte();
    if (kind == TYPE_DOMAIN) {
      return new DomainDescriptor(
          id,
          version,
          in.getInt(),
          in.getString(),
          in.getInt(),
          in.getInt(),
          in.getType(),
          in.getBoolean(),
          in.getOptionalString(),
          in.getList(DescriptorCodec::decodeCheck));
    }
    if (kind != TYPE_ENUM) {
      throw CatalogErrors.corrupted("type of kind " + kind);
    }
    return new EnumDescriptor(
        id,
        version,
        in.getInt(),
        in.getString(),
        in.getInt(),
        in.getInt(),
        in.getList(i -> new EnumLabel(i.getInt(), i.getLong(), i.getString())));
  }

  private static int formatOf(CatalogObject object) {
    if (object instanceof StatisticsDescriptor statistics) {
      if (statistics.columns().stream().anyMatch(column -> !column.parts().isEmpty())) {
        return FORMAT_WITH_PARTS;
      }
      return statistics.columns().isEmpty() ? FORMAT : FORMAT_WITH_COLUMNS;
    }
    if (object instanceof ViewDescriptor view) {
      boolean old = view.options().equals(ViewOptions.NONE.withInvoker(view.options().invoker()));
      return old ? FORMAT : VIEW_FORMAT_WITH_CHECK;
    }
    if (!(object instanceof TableDescriptor table)) {
      return FORMAT;
    }
    if (StorageParameterCodec.isNeeded(table)) {
      return FORMAT_WITH_PARAMETERS;
    }
    if (table.successor() != null) {
      return FORMAT_WITH_KEPT_VALUES;
    }
    if (table.columns().stream().anyMatch(ColumnDescriptor::refusesNull)) {
      return FORMAT_WITH_REFUSED_NULLS;
    }
    if (table.indexes().stream().anyMatch(IndexDescriptor::isInverted)) {
      return FORMAT_WITH_INVERTED_INDEXES;
    }
    if (table.indexes().stream().anyMatch(index -> index.deferrable() != null)) {
      return FORMAT_WITH_DEFERRABLE_KEYS;
    }
    if (table.columns().stream().anyMatch(column -> column.missing() != null)) {
      return FORMAT_WITH_MISSING_VALUES;
    }
    if (table.columns().stream().anyMatch(ColumnDescriptor::generated)) {
      return FORMAT_WITH_GENERATED_COLUMNS;
    }
    if (!table.indexes().stream().allMatch(i -> i.isPlain() && i.included().isEmpty())) {
      return FORMAT_WITH_INDEX_TERMS;
    }
    boolean plain =
        table.checks().stream().allMatch(CheckDescriptor::valid)
            && table.foreignKeys().stream()
                .allMatch(key -> key.valid() && key.timing() == Timing.NOT_DEFERRABLE);
    if (!plain) {
      return FORMAT_WITH_CONSTRAINT_STATES;
    }
    if (!table.foreignKeys().isEmpty()) {
      return FORMAT_WITH_FOREIGN_KEYS;
    }
    if (table.options().equals(TableOptions.NONE)) {
      return FORMAT;
    }
    return table.options().isHashed() ? FORMAT_WITH_ARCS : FORMAT_WITH_OPTIONS;
  }

  private static void encodeColumnStatistics(DescriptorWriter out, ColumnStatistics c) {
    out.putInt(c.column())
        .putDouble(c.nullFraction())
        .putDouble(c.distinct())
        .putInt(c.averageBytes())
        .putList(c.common(), DescriptorCodec::encodeCommon)
        .putList(c.bounds(), DescriptorWriter::putBytes);
  }

  private static ColumnStatistics decodeColumnStatistics(DescriptorReader in) {
    return new ColumnStatistics(
        in.getInt(),
        in.getDouble(),
        in.getDouble(),
        in.getInt(),
        in.getList(DescriptorCodec::decodeCommon),
        in.getList(DescriptorReader::getBytes),
        List.of());
  }

  private static List<ColumnStatistics> decodeColumnStatistics(DescriptorReader in, int format) {
    List<ColumnStatistics> columns = in.getList(DescriptorCodec::decodeColumnStatistics);
    return format == FORMAT_WITH_PARTS
        ? columns.stream().map(c -> c.withParts(in.getList(DescriptorCodec::decodeCommon))).toList()
        : columns;
  }

  private static void encodeCommon(DescriptorWriter out, ColumnStatistics.Common common) {
    out.putBytes(common.value()).putDouble(common.fraction());
  }

  private static ColumnStatistics.Common decodeCommon(DescriptorReader in) {
    return new ColumnStatistics.Common(in.getBytes(), in.getDouble());
  }

  private static void encodeRole(DescriptorWriter out, RoleDescriptor r) {
    out.putString(r.name())
        .putBoolean(r.superuser())
        .putBoolean(r.inherit())
        .putBoolean(r.createRole())
        .putBoolean(r.createDatabase())
        .putBoolean(r.login())
        .putBoolean(r.replication())
        .putBoolean(r.bypassRowSecurity())
        .putInt(r.connectionLimit())
        .putOptionalString(r.verifier())
        .putOptionalLong(r.validUntil())
        .putList(
            r.memberOf(),
            (o, m) -> o.putInt(m.roleId()).putBoolean(m.admin()).putInt(m.grantorId()));
  }

  private static RoleDescriptor decodeRole(int id, long version, DescriptorReader in) {
    return new RoleDescriptor(
        id,
        version,
        in.getString(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getInt(),
        in.getOptionalString(),
        in.getOptionalLong(),
        in.getList(i -> new Membership(i.getInt(), i.getBoolean(), i.getInt())));
  }

  private static void encodeTable(DescriptorWriter out, TableDescriptor t) {
    out.putInt(t.dataId())
        .putInt(t.schemaId())
        .putString(t.name())
        .putInt(t.ownerId())
        .putList(t.columns(), DescriptorCodec::encodeColumn)
        .putList(t.indexes(), DescriptorCodec::encodeIndex)
        .putList(t.checks(), DescriptorCodec::encodeCheck)
        .putInt(t.lastColumnNumber())
        .putInt(t.lastIndexNumber());
    int format = formatOf(t);
    if (format >= FORMAT_WITH_OPTIONS) {
      out.putInt(t.options().replicationFactor());
    }
    if (format >= FORMAT_WITH_ARCS) {
      out.putInt(t.options().shards());
    }
    if (format >= FORMAT_WITH_FOREIGN_KEYS) {
      out.putList(t.foreignKeys(), DescriptorCodec::encodeForeignKey);
    }
    if (format >= FORMAT_WITH_CONSTRAINT_STATES) {
      t.checks().forEach(check -> out.putBoolean(check.valid()));
      t.foreignKeys()
          .forEach(key ->
              out.putBoolean(key.timing().deferrable())
                  .putBoolean(key.timing() == Timing.INITIALLY_DEFERRED)
                  .putBoolean(key.valid()));
    }
    if (format >= FORMAT_WITH_INDEX_TERMS) {
      t.indexes().forEach(index -> encodeIndexTerms(out, index));
    }
    if (format >= FORMAT_WITH_MISSING_VALUES) {
      t.columns().forEach(column -> out.putOptionalString(column.missing()));
    }
    if (format >= FORMAT_WITH_DEFERRABLE_KEYS) {
      t.indexes().forEach(index -> encodeDeferrable(out, index.deferrable()));
    }
    if (format >= FORMAT_WITH_INVERTED_INDEXES) {
      t.indexes().forEach(index -> index.columns().forEach(c -> encodeInverted(out, c)));
    }
    if (format >= FORMAT_WITH_REFUSED_NULLS) {
      t.columns().forEach(column -> out.putBoolean(column.refusesNull()));
    }
    Successor successor = t.successor();
    if (format >= FORMAT_WITH_PARAMETERS) {
      StorageParameterCodec.encode(out, t);
      out.putBoolean(successor != null);
    }
    if (successor != null) {
      out.putBytes(encode(successor.table()))
          .putList(
              successor.values(),
              (to, v) -> to.putInt(v.number()).putString(v.sql()).putBoolean(v.kept()));
    }
  }

  private static TableDescriptor decodeTable(
      int id, long version, DescriptorReader in, int format) {
    int dataId = in.getInt();
    int schemaId = in.getInt();
    String name = in.getString();
    int ownerId = in.getInt();
    List<ColumnDescriptor> columns = in.getList(DescriptorCodec::decodeColumn);
    List<IndexDescriptor> indexes = in.getList(DescriptorCodec::decodeIndex);
    List<CheckDescriptor> checks = in.getList(DescriptorCodec::decodeCheck);
    int lastColumnNumber = in.getInt();
    int lastIndexNumber = in.getInt();
    TableOptions options =
        new TableOptions(
            format >= FORMAT_WITH_OPTIONS ? in.getInt() : 0,
            format >= FORMAT_WITH_ARCS ? in.getInt() : 0,
            List.of());
    List<ForeignKeyDescriptor> foreignKeys =
        format >= FORMAT_WITH_FOREIGN_KEYS
            ? in.getList(DescriptorCodec::decodeForeignKey)
            : List.of();
    if (format >= FORMAT_WITH_CONSTRAINT_STATES) {
      checks = checks.stream().map(check -> check.withValid(in.getBoolean())).toList();
      foreignKeys =
          foreignKeys.stream()
              .map(key ->
                  key.withTiming(Timing.of(in.getBoolean(), in.getBoolean()))
                      .withValid(in.getBoolean()))
              .toList();
    }
    if (format >= FORMAT_WITH_INDEX_TERMS) {
      indexes = indexes.stream().map(index -> decodeIndexTerms(in, index)).toList();
    }
    if (format >= FORMAT_WITH_MISSING_VALUES) {
      columns = columns.stream().map(column -> column.withMissing(in.getOptionalString())).toList();
    }
    if (format >= FORMAT_WITH_DEFERRABLE_KEYS) {
      indexes = indexes.stream().map(index -> index.withDeferrable(decodeDeferrable(in))).toList();
    }
    if (format >= FORMAT_WITH_INVERTED_INDEXES) {
      indexes = indexes.stream().map(index -> decodeInverted(in, index)).toList();
    }
    if (format >= FORMAT_WITH_REFUSED_NULLS) {
      columns =
          columns.stream().map(column -> in.getBoolean() ? column.refusingNull() : column).toList();
    }
    Successor successor = null;
    boolean succeeded = format >= FORMAT_WITH_SUCCESSOR;
    if (format >= FORMAT_WITH_PARAMETERS) {
      options = StorageParameterCodec.decode(in, options);
      indexes = indexes.stream().map(index -> StorageParameterCodec.decode(in, index)).toList();
      succeeded = in.getBoolean();
    }
    if (succeeded) {
      byte[] table = in.getBytes();
      ObjectKey key = new ObjectKey(ObjectKey.Kind.TABLE, id, 0);
      successor =
          new Successor(
              (TableDescriptor) decode(key, table, 0, table.length),
              in.getList(i ->
                  new ComputedColumn(
                      i.getInt(),
                      i.getString(),
                      format >= FORMAT_WITH_KEPT_VALUES && i.getBoolean())));
    }
    return new TableDescriptor(
        id,
        version,
        dataId,
        schemaId,
        name,
        ownerId,
        columns,
        indexes,
        checks,
        foreignKeys,
        lastColumnNumber,
        lastIndexNumber,
        options,
        successor);
  }

  private static void encodeCheck(DescriptorWriter out, CheckDescriptor c) {
    out.putInt(c.oid()).putString(c.name()).putString(c.sql());
  }

  private static CheckDescriptor decodeCheck(DescriptorReader in) {
    return new CheckDescriptor(in.getInt(), in.getString(), in.getString(), true);
  }

  private static void encodeForeignKey(DescriptorWriter out, ForeignKeyDescriptor k) {
    out.putInt(k.oid())
        .putString(k.name())
        .putList(k.columns(), DescriptorWriter::putInt)
        .putInt(k.referencedTable())
        .putList(k.referencedColumns(), DescriptorWriter::putInt)
        .putInt(k.indexOid())
        .putBoolean(k.full())
        .putByte(k.onUpdate().code())
        .putByte(k.onDelete().code())
        .putList(k.setColumns(), DescriptorWriter::putInt);
  }

  private static ForeignKeyDescriptor decodeForeignKey(DescriptorReader in) {
    return new ForeignKeyDescriptor(
        in.getInt(),
        in.getString(),
        in.getList(DescriptorReader::getInt),
        in.getInt(),
        in.getList(DescriptorReader::getInt),
        in.getInt(),
        in.getBoolean(),
        Action.of((char) in.getByte()),
        Action.of((char) in.getByte()),
        in.getList(DescriptorReader::getInt),
        Timing.NOT_DEFERRABLE,
        true);
  }

  private static void encodeColumn(DescriptorWriter out, ColumnDescriptor c) {
    out.putInt(c.number())
        .putString(c.name())
        .putType(c.type())
        .putBoolean(c.notNull())
        .putOptionalString(c.defaultSql())
        .putByte(c.generated() ? GENERATED : c.identity())
        .putInt(c.sequenceId())
        .putBoolean(c.hidden());
  }

  private static ColumnDescriptor decodeColumn(DescriptorReader in) {
    int number = in.getInt();
    String name = in.getString();
    SqlType type = in.getType();
    boolean notNull = in.getBoolean();
    String sql = in.getOptionalString();
    char identity = (char) in.getByte();
    int sequenceId = in.getInt();
    boolean hidden = in.getBoolean();
    boolean generated = identity == GENERATED;
    return new ColumnDescriptor(
        number,
        name,
        type,
        notNull,
        sql,
        generated ? '\0' : identity,
        sequenceId,
        hidden,
        generated);
  }

  private static void encodeReading(DescriptorWriter out, Reading r) {
    out.putInt(r.relationId())
        .putList(
            r.columns(), (o, c) -> o.putInt(c.number()).putString(c.name()).putBoolean(c.used()));
  }

  private static Reading decodeReading(DescriptorReader in) {
    return new Reading(
        in.getInt(), in.getList(i -> new ReadColumn(i.getInt(), i.getString(), i.getBoolean())));
  }

  private static void encodeIndex(DescriptorWriter out, IndexDescriptor i) {
    out.putInt(i.oid())
        .putInt(i.number())
        .putString(i.name())
        .putBoolean(i.unique())
        .putBoolean(i.primary())
        .putBoolean(i.nullsNotDistinct())
        .putInt(i.constraintOid())
        .putByte(
            switch (i.state()) {
              case DELETE_ONLY -> 1;
              case WRITE_ONLY -> 2;
              case PUBLIC -> 3;
            })
        .putList(
            i.columns(),
            (o, c) ->
                o.putInt(c.columnNumber()).putBoolean(c.descending()).putBoolean(c.nullsFirst()));
  }

  private static IndexDescriptor decodeIndex(DescriptorReader in) {
    return new IndexDescriptor(
        in.getInt(),
        in.getInt(),
        in.getString(),
        in.getBoolean(),
        in.getBoolean(),
        in.getBoolean(),
        in.getInt(),
        switch (in.getByte()) {
          case 1 -> IndexDescriptor.State.DELETE_ONLY;
          case 2 -> IndexDescriptor.State.WRITE_ONLY;
          case 3 -> IndexDescriptor.State.PUBLIC;
          default -> throw CatalogErrors.corrupted("index state");
        },
        in.getList(i -> new KeyColumn(i.getInt(), i.getBoolean(), i.getBoolean())));
  }

  private static void encodeDeferrable(DescriptorWriter out, @Nullable DeferrableKey key) {
    out.putBoolean(key != null);
    if (key != null) {
      out.putBoolean(key.primary()).putBoolean(key.timing() == Timing.INITIALLY_DEFERRED);
    }
  }

  private static @Nullable DeferrableKey decodeDeferrable(DescriptorReader in) {
    return in.getBoolean()
        ? new DeferrableKey(in.getBoolean(), Timing.of(true, in.getBoolean()))
        : null;
  }

  private static void encodeIndexTerms(DescriptorWriter out, IndexDescriptor i) {
    out.putOptionalString(i.predicate()).putList(i.included(), DescriptorWriter::putInt);
    for (KeyColumn column : i.columns()) {
      KeyExpression expression = column.expression();
      out.putBoolean(expression != null);
      if (expression != null) {
        out.putString(expression.sql()).putType(expression.type()).putString(expression.name());
      }
    }
  }

  private static IndexDescriptor decodeIndexTerms(DescriptorReader in, IndexDescriptor plain) {
    String predicate = in.getOptionalString();
    List<Integer> included = in.getList(DescriptorReader::getInt);
    List<KeyColumn> columns = new ArrayList<>();
    for (KeyColumn column : plain.columns()) {
      KeyExpression expression =
          in.getBoolean() ? new KeyExpression(in.getString(), in.getType(), in.getString()) : null;
      columns.add(
          new KeyColumn(
              column.columnNumber(),
              column.descending(),
              column.nullsFirst(),
              expression,
              null,
              0));
    }
    return plain.withTerms(columns, included, predicate);
  }

  private static void encodeInverted(DescriptorWriter out, KeyColumn column) {
    InvertedClass inverted = column.inverted();
    out.putByte(inverted == null ? 0 : inverted.number());
  }

  private static IndexDescriptor decodeInverted(DescriptorReader in, IndexDescriptor ordered) {
    List<KeyColumn> columns = new ArrayList<>();
    for (KeyColumn column : ordered.columns()) {
      int number = in.getByte();
      columns.add(number == 0 ? column : column.withInverted(InvertedClass.ofNumber(number)));
    }
    return ordered.withTerms(columns, ordered.included(), ordered.predicate());
  }

  private static void encodeSequence(DescriptorWriter out, SequenceDescriptor s) {
    out.putInt(s.schemaId())
        .putString(s.name())
        .putInt(s.ownerId())
        .putType(s.type())
        .putLong(s.start())
        .putLong(s.increment())
        .putLong(s.minimum())
        .putLong(s.maximum())
        .putLong(s.cache())
        .putBoolean(s.cycle())
        .putInt(s.ownedByTable())
        .putInt(s.ownedByColumn())
        .putInt(s.dataId());
  }

  private static SequenceDescriptor decodeSequence(int id, long version, DescriptorReader in) {
    return new SequenceDescriptor(
        id,
        version,
        in.getInt(),
        in.getString(),
        in.getInt(),
        in.getType(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getBoolean(),
        in.getInt(),
        in.getInt(),
        in.getInt());
  }

  private static void encodeGrant(DescriptorWriter out, Grant g) {
    out.putInt(g.granteeId())
        .putInt(g.grantorId())
        .putString(letters(g.privileges()))
        .putString(letters(g.grantOptions()));
  }

  private static Grant decodeGrant(DescriptorReader in) {
    return new Grant(
        in.getInt(), in.getInt(), privileges(in.getString()), privileges(in.getString()));
  }

  private static String letters(Set<Privilege> privileges) {
    StringBuilder letters = new StringBuilder();
    for (Privilege privilege : privileges) {
      letters.append(privilege.letter());
    }
    return letters.toString();
  }

  private static Set<Privilege> privileges(String letters) {
    Set<Privilege> privileges = EnumSet.noneOf(Privilege.class);
    for (Privilege privilege : Privilege.values()) {
      if (letters.indexOf(privilege.letter()) >= 0) {
        privileges.add(privilege);
      }
    }
    return privileges;
  }
}
