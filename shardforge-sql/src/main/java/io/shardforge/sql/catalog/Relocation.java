package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.GrantsDescriptor.Grant;
import io.shardforge.sql.catalog.IndexDescriptor.KeyColumn;
import io.shardforge.sql.catalog.IndexDescriptor.KeyExpression;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.EnumLabel;
import io.shardforge.sql.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors of another catalog under ids of this one. Whatever is named for the first time gets a
 * new id, unless it is known what it is here; the system's own objects have the same ids
 * everywhere.
 */
final class Relocation {
  private final IntSupplier newIds;
  private final int heir;
  private final Map<Integer, Integer> ids = new LinkedHashMap<>();
  private final Map<Integer, Integer> roles = new HashMap<>();

  /**
   * Nothing is known at first.
   *
   * @param heir who owns what belonged to a role that is not there
   */
  Relocation(IntSupplier newIds, int heir) {
    this.newIds = newIds;
    this.heir = heir;
  }

  /** Says what an object is here. */
  void know(int there, int here) {
    ids.put(there, here);
  }

  /** Says what a role is here. */
  void knowRole(int there, int here) {
    roles.put(there, here);
    ids.put(there, here);
  }

  /** Whether an object has been named so far. */
  boolean isNamed(int there) {
    return ids.containsKey(there);
  }

  int of(int id) {
    Integer known = ids.get(id);
    if (known == null) {
      known = id < SystemOids.FIRST_USER_OID ? id : newIds.getAsInt();
      if (known != id) {
        ids.put(id, known);
      }
    }
    return known;
  }

  private int owner(int id) {
    return id < SystemOids.FIRST_USER_OID ? id : roles.getOrDefault(id, heir);
  }

  /** The same object under other ids; null if nothing is left of it. */
  @Nullable CatalogObject moved(CatalogObject object) {
    return switch (object) {
      case DatabaseDescriptor d ->
          new DatabaseDescriptor(
              of(d.id()),
              d.version(),
              d.name(),
              owner(d.ownerId()),
              d.allowConnections(),
              d.connectionLimit());
      case RoleDescriptor r ->
          new RoleDescriptor(
              of(r.id()),
              r.version(),
              r.name(),
              r.superuser(),
              r.inherit(),
              r.createRole(),
              r.createDatabase(),
              r.login(),
              r.replication(),
              r.bypassRowSecurity(),
              r.connectionLimit(),
              r.verifier(),
              r.validUntil(),
              r.memberOf().stream()
                  .map(m ->
                      new RoleDescriptor.Membership(
                          of(m.roleId()), m.admin(), owner(m.grantorId())))
                  .toList());
      case SchemaDescriptor s ->
          new SchemaDescriptor(
              of(s.id()), s.version(), of(s.databaseId()), s.name(), owner(s.ownerId()));
      case TableDescriptor t -> table(t);
      case SequenceDescriptor s ->
          new SequenceDescriptor(
              of(s.id()),
              s.version(),
              of(s.schemaId()),
              s.name(),
              owner(s.ownerId()),
              s.type(),
              s.start(),
              s.increment(),
              s.minimum(),
              s.maximum(),
              s.cache(),
              s.cycle(),
              of(s.ownedByTable()),
              s.ownedByColumn(),
              of(s.dataId()));
      case ViewDescriptor v ->
          new ViewDescriptor(
              of(v.id()),
              v.version(),
              of(v.schemaId()),
              v.name(),
              owner(v.ownerId()),
              text(v.sql()),
              v.columns().stream().map(this::column).toList(),
              v.readings().stream()
                  .map(r -> new ViewDescriptor.Reading(of(r.relationId()), r.columns()))
                  .toList(),
              v.options());
      case EnumDescriptor e ->
          new EnumDescriptor(
              of(e.id()),
              e.version(),
              of(e.schemaId()),
              e.name(),
              owner(e.ownerId()),
              of(e.arrayId()),
              e.labels().stream()
                  .map(l -> new EnumLabel(of(l.oid()), l.position(), l.text()))
                  .toList());
      case DomainDescriptor d ->
          new DomainDescriptor(
              of(d.id()),
              d.version(),
              of(d.schemaId()),
              d.name(),
              owner(d.ownerId()),
              of(d.arrayId()),
              type(d.base()),
              d.notNull(),
              optional(d.defaultSql()),
              d.checks().stream().map(this::check).toList());
      case CollationDescriptor c ->
          new CollationDescriptor(
              of(c.id()),
              c.version(),
              of(c.schemaId()),
              c.name(),
              owner(c.ownerId()),
              c.locale(),
              c.deterministic(),
              c.orderVersion());
      case CommentDescriptor c ->
          new CommentDescriptor(of(c.id()), c.version(), c.classId(), c.columnNumber(), c.text());
      case GrantsDescriptor g ->
          new GrantsDescriptor(
              of(g.id()), g.version(), g.columnNumber(), g.onDatabase(), grants(g.grants()));
      case DefaultPrivilegesDescriptor d ->
          isKnown(d.id())
              ? new DefaultPrivilegesDescriptor(
                  of(d.id()),
                  d.version(),
                  of(d.schemaId()),
                  d.entries().stream()
                      .map(e ->
                          new DefaultPrivilegesDescriptor.Entry(
                              of(e.oid()), e.kind(), grants(e.grants())))
                      .toList())
              : null;
      case SettingsDescriptor s ->
          isKnown(s.id())
              ? new SettingsDescriptor(of(s.id()), s.version(), of(s.databaseId()), s.settings())
              : null;
      case StatisticsDescriptor s ->
          new StatisticsDescriptor(of(s.id()), s.version(), s.rows(), s.columns());
      case CombinedStatistics s ->
          new CombinedStatistics(
              of(s.id()),
              s.version(),
              of(s.tableId()),
              s.name(),
              s.kinds(),
              s.columns(),
              s.distinct(),
              s.dependencies(),
              s.common());
    };
  }

  /** A table that nothing is being done with: what was under way at the time is left out. */
  private TableDescriptor table(TableDescriptor t) {
    return new TableDescriptor(
        of(t.id()),
        t.version(),
        of(t.dataId()),
        of(t.schemaId()),
        t.name(),
        owner(t.ownerId()),
        t.columns().stream().map(this::column).toList(),
        t.indexes().stream()
            .filter(index -> index.state() == IndexDescriptor.State.PUBLIC)
            .map(this::index)
            .toList(),
        t.checks().stream().map(this::check).toList(),
        t.foreignKeys().stream().map(this::foreignKey).toList(),
        t.lastColumnNumber(),
        t.lastIndexNumber(),
        t.options());
  }

  private ColumnDescriptor column(ColumnDescriptor c) {
    return new ColumnDescriptor(
        c.number(),
        c.name(),
        type(c.type()),
        c.notNull(),
        optional(c.defaultSql()),
        c.identity(),
        of(c.sequenceId()),
        c.hidden(),
        c.generated(),
        c.missing(),
        false);
  }

  private IndexDescriptor index(IndexDescriptor i) {
    List<KeyColumn> columns = new ArrayList<>();
    for (KeyColumn key : i.columns()) {
      KeyExpression e = key.expression();
      columns.add(
          e == null
              ? key
              : key.computed(new KeyExpression(text(e.sql()), type(e.type()), e.name())));
    }
    return new IndexDescriptor(
        of(i.oid()),
        i.number(),
        i.name(),
        i.unique(),
        i.primary(),
        i.nullsNotDistinct(),
        of(i.constraintOid()),
        i.state(),
        columns,
        i.included(),
        optional(i.predicate()),
        i.deferrable(),
        i.parameters());
  }

  private ForeignKeyDescriptor foreignKey(ForeignKeyDescriptor k) {
    return new ForeignKeyDescriptor(
        of(k.oid()),
        k.name(),
        k.columns(),
        of(k.referencedTable()),
        k.referencedColumns(),
        of(k.indexOid()),
        k.full(),
        k.onUpdate(),
        k.onDelete(),
        k.setColumns(),
        k.timing(),
        k.valid());
  }

  private CheckDescriptor check(CheckDescriptor c) {
    return new CheckDescriptor(of(c.oid()), c.name(), text(c.sql()), c.valid());
  }

  private SqlType type(SqlType type) {
    Collation c = type.collation();
    return new SqlType(
        of(type.oid()),
        type.typmod(),
        c == null ? null : new Collation(of(c.oid()), c.locale(), c.deterministic()));
  }

  private boolean isKnown(int role) {
    return role < SystemOids.FIRST_USER_OID || roles.containsKey(role);
  }

  private List<Grant> grants(List<Grant> grants) {
    return grants.stream()
        .filter(grant -> isKnown(grant.granteeId()))
        .map(grant ->
            new Grant(
                owner(grant.granteeId()),
                owner(grant.grantorId()),
                grant.privileges(),
                grant.grantOptions()))
        .toList();
  }

  private @Nullable String optional(@Nullable String sql) {
    return sql == null ? null : text(sql);
  }

  private String text(String sql) {
    return ObjectNumbers.replaced(sql, this::of);
  }
}
