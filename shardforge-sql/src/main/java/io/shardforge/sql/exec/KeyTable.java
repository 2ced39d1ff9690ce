package io.shardforge.sql.exec;

import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of tuples of SQL values, equal as SQL sees it and null equal to null, that numbers its
 * members from 0 in the order of their arrival. Linear probing, no removal.
 */
final class KeyTable {
  private static final int CAPACITY_FIRST = 64;

  /** What a member costs beside its values: slots, hash, references. */
  static final int OVERHEAD_BYTES = 32;

  private final PgType[] types;
  private final boolean[] plain;
  private int[] slots = new int[CAPACITY_FIRST];
  private @Nullable Object[][] keys = new @Nullable Object[CAPACITY_FIRST / 2][];
  private int[] hashes = new int[CAPACITY_FIRST / 2];
  private int size;

  KeyTable(List<SqlType> keyTypes) {
    types = new PgType[keyTypes.size()];
    plain = new boolean[types.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = PgTypes.of(keyTypes.get(i));
      plain[i] = isPlain(keyTypes.get(i));
    }
    Arrays.fill(slots, -1);
  }

  /** Whether SQL's equality of the type is that of the Java objects. */
  private static boolean isPlain(SqlType type) {
    Collation collation = type.collation();
    return switch (type.oid()) {
      case PgOid.TEXT, PgOid.VARCHAR, PgOid.NAME -> collation == null || collation.deterministic();
      case PgOid.UUID, PgOid.BOOL, PgOid.INET, PgOid.CIDR -> true;
      default -> PgTypes.byOid(type.oid()).representation() == PgType.Representation.LONG;
    };
  }

  int size() {
    return size;
  }

  @Nullable Object[] key(int id) {
    return keys[id];
  }

  /** The number of a tuple, or -1. */
  int find(@Nullable Object[] key) {
    int hash = hash(key);
    int mask = slots.length - 1;
    for (int slot = hash & mask; slots[slot] >= 0; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (hashes[id] == hash && matches(keys[id], key)) {
        return id;
      }
    }
    return -1;
  }

  /** The number of a tuple; it is kept if it is new, which {@link #size} then shows. */
  int findOrAdd(@Nullable Object[] key) {
    int hash = hash(key);
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] >= 0) {
      int id = slots[slot];
      if (hashes[id] == hash && matches(keys[id], key)) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
    if (size == keys.length) {
      grow();
      mask = slots.length - 1;
      slot = hash & mask;
      while (slots[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
    }
    slots[slot] = size;
    keys[size] = key;
    hashes[size] = hash;
    return size++;
  }

  private void grow() {
    keys = Arrays.copyOf(keys, keys.length * 2);
    hashes = Arrays.copyOf(hashes, keys.length);
    slots = new int[slots.length * 2];
    Arrays.fill(slots, -1);
    int mask = slots.length - 1;
    for (int id = 0; id < size; id++) {
      int slot = hashes[id] & mask;
      while (slots[slot] >= 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id;
    }
  }

  /** A hash that agrees with SQL's equality, well spread in all bits. */
  int hash(@Nullable Object[] key) {
    int hash = 0;
    for (int i = 0; i < types.length; i++) {
      Object value = key[i];
      int h = value == null ? 0 : plain[i] ? value.hashCode() : types[i].hash(value);
      hash = hash * 31 + h;
    }
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }

  private boolean matches(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < types.length; i++) {
      Object x = a[i];
      Object y = b[i];
      if (x == null || y == null) {
        if (x != null || y != null) {
          return false;
        }
      } else if (plain[i] ? !x.equals(y) : !types[i].equal(x, y)) {
        return false;
      }
    }
    return true;
  }
}
