package io.shardforge.storage.engine;

import io.shardforge.storage.key.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map of byte arrays that never changes: an AVL tree whose updates copy the path to the
 * root, so that keeping an old version is free.
 */
final class PersistentMap {
  static final PersistentMap EMPTY = new PersistentMap(null);

  private final @Nullable Node root;

  private PersistentMap(@Nullable Node root) {
    this.root = root;
  }

  /** An entry of the map and the subtrees left and right of it. */
  record Node(Entry entry, @Nullable Node left, @Nullable Node right, int height) {}

  /** A key and its value. */
  static final class Entry {
    private final byte[] key;
    private final byte[] value;

    Entry(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    byte[] key() {
      return key;
    }

    byte[] value() {
      return value;
    }
  }

  @Nullable Entry get(byte[] key) {
    Node node = root;
    while (node != null) {
      int order = Bytes.compare(key, node.entry.key);
      if (order == 0) {
        return node.entry;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /** The entry with the smallest key at or after (or, if strict, after) the key. */
  @Nullable Entry atOrAfter(byte[] key, boolean strict) {
    Node node = root;
    Entry best = null;
    while (node != null) {
      int order = Bytes.compare(key, node.entry.key);
      if (order < 0 || (order == 0 && !strict)) {
        best = node.entry;
        node = node.left;
      } else {
        node = node.right;
      }
    }
    return best;
  }

  /** The entry with the greatest key at or before (or, if strict, before) the key. */
  @Nullable Entry atOrBefore(byte[] key, boolean strict) {
    Node node = root;
    Entry best = null;
    while (node != null) {
      int order = Bytes.compare(key, node.entry.key);
      if (order > 0 || (order == 0 && !strict)) {
        best = node.entry;
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return best;
  }

  @Nullable Entry last() {
    Node node = root;
    while (node != null && node.right != null) {
      node = node.right;
    }
    return node == null ? null : node.entry;
  }

  PersistentMap put(byte[] key, byte[] value) {
    return new PersistentMap(put(root, new Entry(key, value)));
  }

  PersistentMap remove(byte[] key) {
    return get(key) == null ? this : new PersistentMap(remove(root, key));
  }

  private static Node put(@Nullable Node node, Entry entry) {
    if (node == null) {
      return node(entry, null, null);
    }
    int order = Bytes.compare(entry.key, node.entry.key);
    if (order == 0) {
      return new Node(entry, node.left, node.right, node.height);
    }
    return order < 0
        ? balanced(node.entry, put(node.left, entry), node.right)
        : balanced(node.entry, node.left, put(node.right, entry));
  }

  private static @Nullable Node remove(@Nullable Node node, byte[] key) {
    if (node == null) {
      return null;
    }
    int order = Bytes.compare(key, node.entry.key);
    if (order < 0) {
      return balanced(node.entry, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balanced(node.entry, node.left, remove(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node successor = node.right;
    while (successor.left != null) {
      successor = successor.left;
    }
    return balanced(successor.entry, node.left, remove(node.right, successor.entry.key));
  }

  private static Node balanced(Entry entry, @Nullable Node left, @Nullable Node right) {
    int tilt = height(left) - height(right);
    if (tilt > 1 && left != null) {
      Node inner = left.right;
      if (inner != null && height(left.left) < height(inner)) {
        return node(
            inner.entry, node(left.entry, left.left, inner.left), node(entry, inner.right, right));
      }
      return node(left.entry, left.left, node(entry, inner, right));
    }
    if (tilt < -1 && right != null) {
      Node inner = right.left;
      if (inner != null && height(right.right) < height(inner)) {
        return node(
            inner.entry,
            node(entry, left, inner.left),
            node(right.entry, inner.right, right.right));
      }
      return node(right.entry, node(entry, left, inner), right.right);
    }
    return node(entry, left, right);
  }

  private static Node node(Entry entry, @Nullable Node left, @Nullable Node right) {
    return new Node(entry, left, right, 1 + Math.max(height(left), height(right)));
  }

  private static int height(@Nullable Node node) {
    return node == null ? 0 : node.height;
  }
}
