package io.shardforge.sql.catalog;

import io.shardforge.sql.type.Collation;
import org.jspecify.annotations.Nullable;

/**
 * What CREATE COLLATION made.
 *
 * @param locale what ICU orders by; null for the order of code points
 * @param orderVersion of ICU's data when it was made, null for the order of code points
 */
public record CollationDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    @Nullable String locale,
    boolean deterministic,
    @Nullable String orderVersion)
    implements CatalogObject {
  /** What text is ordered by. */
  public Collation collation() {
    return new Collation(id, locale, deterministic);
  }

  /** The next version, in another schema, under another name or of another owner. */
  public CollationDescriptor moved(int newSchemaId, String newName, int newOwnerId) {
    return new CollationDescriptor(
        id, version + 1, newSchemaId, newName, newOwnerId, locale, deterministic, orderVersion);
  }

  /** The next version, made by other data of ICU. */
  public CollationDescriptor refreshed(@Nullable String newOrderVersion) {
    return new CollationDescriptor(
        id, version + 1, schemaId, name, ownerId, locale, deterministic, newOrderVersion);
  }
}
