package io.shardforge.sql.catalog;

import io.shardforge.sql.type.EnumLabel;
import io.shardforge.sql.type.UserTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An enum. What is stored for a value is its position, which never changes: a value that is added
 * between two others gets one between theirs, so that no row and no index entry is written anew.
 *
 * @param labels in the order of their positions
 */
public record EnumDescriptor(
    int id,
    long version,
    int schemaId,
    String name,
    int ownerId,
    int arrayId,
    List<EnumLabel> labels)
    implements TypeDescriptor {
  /** The distance of neighbours at first: 48 values fit between two even in the worst order. */
  public static final long STEP = 1L << 48;

  public EnumDescriptor {
    labels = List.copyOf(labels);
  }

  @Override
  public EnumDescriptor moved(int newSchemaId, String newName) {
    return new EnumDescriptor(id, version + 1, newSchemaId, newName, ownerId, arrayId, labels);
  }

  @Override
  public EnumDescriptor withOwner(int newOwnerId) {
    return new EnumDescriptor(id, version + 1, schemaId, name, newOwnerId, arrayId, labels);
  }

  /** The next version with a value more, or with one that has another text. */
  public EnumDescriptor with(EnumLabel label) {
    List<EnumLabel> changed = new ArrayList<>(labels);
    changed.removeIf(old -> old.oid() == label.oid());
    changed.add(label);
    changed.sort(Comparator.comparingLong(EnumLabel::position));
    return new EnumDescriptor(id, version + 1, schemaId, name, ownerId, arrayId, changed);
  }

  @Override
  public void addTo(UserTypes.Builder types, String schema) {
    types.addEnum(id, arrayId, schema, name, labels);
  }
}
