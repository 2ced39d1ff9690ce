package io.shardforge.sql.catalog;

import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.UserTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A domain: another type with conditions on its values.
 *
 * @param base what it is over, which may be a domain
 * @param defaultSql the default of columns that have none of their own
 * @param checks conditions over one column of the name VALUE
 */
public record DomainDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    int arrayId,
    SqlType base,
    boolean notNull,
    @Nullable String defaultSql,
    List<CheckDescriptor> checks)
    implements TypeDescriptor {
  /** What a check calls the value that it judges. */
  public static final String VALUE = "value";

  public DomainDescriptor {
    checks = List.copyOf(checks);
  }

  @Override
  public DomainDescriptor moved(int newSchemaId, String newName) {
    return new DomainDescriptor(
        id, version + 1, newSchemaId, newName, ownerId, arrayId, base, notNull, defaultSql, checks);
  }

  @Override
  public DomainDescriptor withOwner(int newOwnerId) {
    return new DomainDescriptor(
        id, version + 1, schemaId, name, newOwnerId, arrayId, base, notNull, defaultSql, checks);
  }

  /** The next version with other rules. */
  public DomainDescriptor with(
      boolean newNotNull, @Nullable String newDefaultSql, List<CheckDescriptor> newChecks) {
    return new DomainDescriptor(
        id,
        version + 1,
        schemaId,
        name,
        ownerId,
        arrayId,
        base,
        newNotNull,
        newDefaultSql,
        newChecks);
  }

  @Override
  public void addTo(UserTypes.Builder types, String schema) {
    types.addDomain(id, arrayId, schema, name, base);
  }
}
