package io.shardforge.sql.catalog;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A map that never changes. One that differs in a few entries shares all others with it: these few
 * are in a layer over them. A layer that has become large is put into a map of its own with what is
 * under it, so that a change costs little on average, however large the map is. In the order in
 * which keys were put first.
 *
 * @param <K> keys
 * @param <V> values
 */
final class LayeredMap<K, V> {
  /** A layer that has so many entries more than this part of what is under it is large. */
  private static final int LAYER_MIN = 32;

  private static final int LAYER_PART = 16;

  private final Map<K, V> below;
  private final Map<K, Optional<V>> layer;
  private final int size;

  private LayeredMap(Map<K, V> below, Map<K, Optional<V>> layer, int size) {
    this.below = below;
    this.layer = layer;
    this.size = size;
  }

  static <K, V> LayeredMap<K, V> empty() {
    return new LayeredMap<>(Map.of(), Map.of(), 0);
  }

  @Nullable V get(K key) {
    Optional<V> over = layer.isEmpty() ? null : layer.get(key);
    return over == null ? below.get(key) : over.orElse(null);
  }

  V getOrDefault(K key, V otherwise) {
    V value = get(key);
    return value == null ? otherwise : value;
  }

  /** Its values, as they are. */
  Collection<V> values() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<V> iterator() {
        return entries().map(Map.Entry::getValue).iterator();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private Stream<Map.Entry<K, V>> entries() {
    if (layer.isEmpty()) {
      return below.entrySet().stream();
    }
    Stream<Map.Entry<K, V>> old =
        below.entrySet().stream()
            .flatMap(entry -> {
              Optional<V> over = layer.get(entry.getKey());
              return over == null
                  ? Stream.of(entry)
                  : over.map(value -> Map.entry(entry.getKey(), value)).stream();
            });
    Stream<Map.Entry<K, V>> added =
        layer.entrySet().stream()
            .filter(entry -> !below.containsKey(entry.getKey()))
            .flatMap(
                entry -> entry.getValue().map(value -> Map.entry(entry.getKey(), value)).stream());
    return Stream.concat(old, added);
  }

  /** Changes of it, which come into force in another map. */
  Draft draft() {
    return new Draft();
  }

  /** The entries that the next map is to have otherwise. One thread. */
  final class Draft {
    private final Map<K, Optional<V>> changes = new LinkedHashMap<>();

    @Nullable V get(K key) {
      Optional<V> changed = changes.get(key);
      return changed == null ? LayeredMap.this.get(key) : changed.orElse(null);
    }

    void put(K key, V value) {
      changes.put(key, Optional.of(value));
    }

    void remove(K key) {
      changes.put(key, Optional.empty());
    }

    /** The map with the changes. */
    LayeredMap<K, V> finish() {
      if (changes.isEmpty()) {
        return LayeredMap.this;
      }
      int newSize = size;
      for (Map.Entry<K, Optional<V>> change : changes.entrySet()) {
        newSize +=
            (change.getValue().isPresent() ? 1 : 0)
                - (LayeredMap.this.get(change.getKey()) == null ? 0 : 1);
      }
      Map<K, Optional<V>> over = new LinkedHashMap<>(layer);
      over.putAll(changes);
      LayeredMap<K, V> layered = new LayeredMap<>(below, over, newSize);
      if (over.size() <= LAYER_MIN + below.size() / LAYER_PART) {
        return layered;
      }
      Map<K, V> whole = LinkedHashMap.newLinkedHashMap(newSize);
      layered.entries().forEach(entry -> whole.put(entry.getKey(), entry.getValue()));
      return new LayeredMap<>(whole, Map.of(), newSize);
    }
  }
}
