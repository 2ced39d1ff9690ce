package io.shardforge.sql.catalog;

import io.shardforge.raft.kv.KvPage;
import io.shardforge.raft.kv.LockStrength;
import io.shardforge.raft.kv.LockWait;
import io.shardforge.raft.kv.LockedRow;
import io.shardforge.raft.kv.TableVersion;
import io.shardforge.raft.txn.KvCursor;
import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.clock.Timestamp;
import io.shardforge.storage.key.Bytes;
import io.shardforge.storage.key.KeyDecoder;
import io.shardforge.storage.key.KeyEncoder;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import io.shardforge.storage.mvcc.VersionWalk;
import io.shardforge.storage.mvcc.VersionedValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the catalog in the meta shard, read and written through a transaction.
 *
 * <pre>
 * table 10, index 1: database id, kind, object id, sub id  → descriptor
 * table 11, index 1: database id, namespace, parent id, name → object id
 * table 12, index 1: data id → nothing: a span whose rows no descriptor names any more
 * </pre>
 *
 * <p>What belongs to the cluster has database id 0. The second table keeps names unique: two
 * transactions that want the same name meet at its key.
 */
final class CatalogRows {
  static final int DESCRIPTOR_TABLE = 10;
  static final int NAME_TABLE = 11;
  static final int ABANDONED_TABLE = 12;
  static final int CLUSTER = 0;

  private static final int PRIMARY_INDEX = 1;
  private static final int DESCRIPTOR_PREFIX =
      KeySpace.indexPrefix(DESCRIPTOR_TABLE, PRIMARY_INDEX).length;

  /** Catalog rows have no schema changes of their own. */
  private static final TableVersion DESCRIPTORS = new TableVersion(DESCRIPTOR_TABLE, 1);

  private static final TableVersion NAMES = new TableVersion(NAME_TABLE, 1);
  private static final TableVersion ABANDONED = new TableVersion(ABANDONED_TABLE, 1);

  /** A scope within which names are unique. */
  enum Namespace {
    DATABASE(1),
    ROLE(2),
    SCHEMA(3),
    RELATION(4),
    TYPE(5),
    COLLATION(6);

    private final int code;

    Namespace(int code) {
      this.code = code;
    }
  }

  /** A name that a descriptor occupies. */
  record Name(Namespace namespace, int parentId, String name, int objectId) {}

  private CatalogRows() {}

  static int databaseOf(ObjectKey key, int databaseId) {
    return key.kind().isShared() ? CLUSTER : databaseId;
  }

  static byte[] rowKey(int databaseId, ObjectKey key) {
    return descriptors()
        .putRawInt(databaseOf(key, databaseId))
        .putRawByte(key.kind().code())
        .putRawInt(key.id())
        .putRawInt(key.subId())
        .toByteArray();
  }

  static byte[] nameKey(int databaseId, Name name) {
    int database =
        switch (name.namespace) {
          case DATABASE, ROLE -> CLUSTER;
          case SCHEMA, RELATION, TYPE, COLLATION -> databaseId;
        };
    return new KeyEncoder()
        .putRaw(KeySpace.indexPrefix(NAME_TABLE, PRIMARY_INDEX))
        .putRawInt(database)
        .putRawByte(name.namespace.code)
        .putRawInt(name.parentId)
        .putEscaped(name.name.getBytes(StandardCharsets.UTF_8))
        .toByteArray();
  }

  /** All names that a descriptor occupies: a table's indexes share the namespace of relations. */
  static List<Name> namesOf(CatalogObject object) {
    List<Name> names = new ArrayList<>();
    switch (object) {
      case DatabaseDescriptor d -> names.add(new Name(Namespace.DATABASE, 0, d.name(), d.id()));
      case RoleDescriptor r -> names.add(new Name(Namespace.ROLE, 0, r.name(), r.id()));
      case SchemaDescriptor s -> names.add(new Name(Namespace.SCHEMA, 0, s.name(), s.id()));
      case TableDescriptor t -> {
        names.add(new Name(Namespace.RELATION, t.schemaId(), t.name(), t.id()));
        for (IndexDescriptor index : t.indexes()) {
          if (!index.name().isEmpty()) {
            names.add(new Name(Namespace.RELATION, t.schemaId(), index.name(), index.oid()));
          }
        }
        if (t.successor() != null) {
          namesOf(t.successor().table()).stream()
              .filter(name -> !names.contains(name))
              .forEach(names::add);
        }
      }
      case SequenceDescriptor s ->
          names.add(new Name(Namespace.RELATION, s.schemaId(), s.name(), s.id()));
      case ViewDescriptor v ->
          names.add(new Name(Namespace.RELATION, v.schemaId(), v.name(), v.id()));
      case TypeDescriptor t -> {
        names.add(new Name(Namespace.TYPE, t.schemaId(), t.name(), t.id()));
        names.add(new Name(Namespace.TYPE, t.schemaId(), "_" + t.name(), t.arrayId()));
      }
      case CollationDescriptor c ->
          names.add(new Name(Namespace.COLLATION, c.schemaId(), c.name(), c.id()));
      case CommentDescriptor _,
          GrantsDescriptor _,
          DefaultPrivilegesDescriptor _,
          SettingsDescriptor _,
          StatisticsDescriptor _,
          CombinedStatistics _ -> {}
    }
    return names;
  }

  /** Takes a row of the first table. */
  @FunctionalInterface
  interface RowVisitor {
    void visit(KvPage page, int row);
  }

  /** Shows the rows of the descriptors of one database (or of the cluster) in order. */
  static void scan(Txn txn, int databaseId, RowVisitor visitor) {
    byte[] prefix = descriptors().putRawInt(databaseId).toByteArray();
    try (KvCursor cursor = txn.scan(KeySpan.ofPrefix(prefix), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          visitor.visit(page, row);
        }
      }
    }
  }

  /** Whose row it is. */
  static ObjectKey objectOf(KvPage page, int row) {
    KeyDecoder decoder = new KeyDecoder();
    decoder.reset(page.buffer(), page.keyOffset(row), page.keyLength(row));
    decoder.skip(DESCRIPTOR_PREFIX + Integer.BYTES);
    return new ObjectKey(
        ObjectKey.Kind.ofCode(decoder.getRawByte()), decoder.getRawInt(), decoder.getRawInt());
  }

  /** Reads every descriptor of one database (or of the cluster). */
  static List<CatalogObject> load(Txn txn, int databaseId) {
    List<CatalogObject> objects = new ArrayList<>();
    scan(
        txn,
        databaseId,
        (page, row) ->
            objects.add(
                DescriptorCodec.decode(
                    objectOf(page, row),
                    page.buffer(),
                    page.valueOffset(row),
                    page.valueLength(row))));
    return objects;
  }

  /**
   * A descriptor from a timestamp on.
   *
   * @param object null if it was gone from then on
   */
  record Version(long timestamp, ObjectKey key, @Nullable CatalogObject object) {}

  /**
   * Reads all versions of the descriptors of one database (or of the cluster) that a transaction on
   * a past state sees, from those on that were there at a timestamp.
   */
  static List<Version> versions(Txn txn, int databaseId, long since) {
    KeySpan span = KeySpan.ofPrefix(descriptors().putRawInt(databaseId).toByteArray());
    List<Version> versions = new ArrayList<>();
    try (KvCursor cursor =
        txn.versions(new VersionWalk(span, since, txn.readTimestamp(), Timestamp.MAX, true))) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          ObjectKey key = objectOf(page, row);
          VersionedValue stored = VersionedValue.decode(page.value(row));
          byte[] value = stored.valueOrNull();
          versions.add(
              new Version(
                  stored.commitTs(),
                  key,
                  value == null ? null : DescriptorCodec.decode(key, value, 0, value.length)));
        }
      }
    }
    return versions;
  }

  /** The newest version of a descriptor, locked against changes (UPDATE) or removal (KEY_SHARE). */
  static @Nullable CatalogObject lock(
      Txn txn, int databaseId, ObjectKey key, LockStrength strength) {
    return lock(txn, databaseId, key, strength, LockWait.BLOCK);
  }

  static @Nullable CatalogObject lock(
      Txn txn, int databaseId, ObjectKey key, LockStrength strength, LockWait wait) {
    LockedRow row = txn.lock(List.of(rowKey(databaseId, key)), strength, wait).getFirst();
    byte[] value = row.value();
    return value == null ? null : DescriptorCodec.decode(key, value, 0, value.length);
  }

  /** Locks names in one request; returns the ids of the objects that have them, 0 for none. */
  static List<Integer> lockNames(Txn txn, int databaseId, List<Name> names) {
    List<byte[]> keys = names.stream().map(name -> nameKey(databaseId, name)).toList();
    List<Integer> owners = new ArrayList<>();
    for (LockedRow row : txn.lock(keys, LockStrength.UPDATE, LockWait.BLOCK)) {
      byte[] value = row.value();
      owners.add(value == null ? 0 : Bytes.getInt(value, 0));
    }
    return owners;
  }

  static void put(Txn txn, int databaseId, CatalogObject object) {
    txn.put(DESCRIPTORS, rowKey(databaseId, object.key()), DescriptorCodec.encode(object));
  }

  static void delete(Txn txn, int databaseId, ObjectKey key) {
    txn.delete(DESCRIPTORS, rowKey(databaseId, key));
  }

  static void putName(Txn txn, int databaseId, Name name) {
    byte[] id = new byte[Integer.BYTES];
    Bytes.putInt(id, 0, name.objectId);
    txn.put(NAMES, nameKey(databaseId, name), id);
  }

  static void deleteName(Txn txn, int databaseId, Name name) {
    txn.delete(NAMES, nameKey(databaseId, name));
  }

  /** Notes rows as garbage once this transaction has committed. */
  static void abandon(Txn txn, AbandonedRows rows) {
    txn.put(ABANDONED, abandonedKey(rows), Bytes.EMPTY);
  }

  /** The rows that were left as garbage. */
  static List<AbandonedRows> abandoned(Txn txn) {
    byte[] prefix = KeySpace.indexPrefix(ABANDONED_TABLE, PRIMARY_INDEX);
    List<AbandonedRows> abandoned = new ArrayList<>();
    KeyDecoder decoder = new KeyDecoder();
    try (KvCursor cursor = txn.scan(KeySpan.ofPrefix(prefix), false, 0)) {
      for (KvPage page = cursor.next(); page != null; page = cursor.next()) {
        for (int row = 0; row < page.rows(); row++) {
          decoder.reset(page.buffer(), page.keyOffset(row), page.keyLength(row));
          decoder.skip(prefix.length);
          int dataId = decoder.getRawInt();
          int index = decoder.hasRemaining() ? decoder.getRawInt() : AbandonedRows.ALL;
          abandoned.add(new AbandonedRows(dataId, index));
        }
      }
    }
    return abandoned;
  }

  /** Forgets about garbage that is gone. */
  static void forget(Txn txn, AbandonedRows rows) {
    txn.delete(ABANDONED, abandonedKey(rows));
  }

  private static byte[] abandonedKey(AbandonedRows rows) {
    KeyEncoder key =
        new KeyEncoder()
            .putRaw(KeySpace.indexPrefix(ABANDONED_TABLE, PRIMARY_INDEX))
            .putRawInt(rows.dataId());
    return rows.index() == AbandonedRows.ALL
        ? key.toByteArray()
        : key.putRawInt(rows.index()).toByteArray();
  }

  private static KeyEncoder descriptors() {
    return new KeyEncoder().putRaw(KeySpace.indexPrefix(DESCRIPTOR_TABLE, PRIMARY_INDEX));
  }
}
