package io.shardforge.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Maps that share what is the same in them, beside ordinary ones. */
final class LayeredMapTest {
  private static final int KEYS = 300;

  @Test
  void changesMakeAnotherMap() {
    Random random = new Random(7);
    LayeredMap<Integer, String> map = LayeredMap.empty();
    Map<Integer, String> model = Map.of();
    for (int step = 0; step < 400; step++) {
      LayeredMap<Integer, String>.Draft draft = map.draft();
      Map<Integer, String> next = new LinkedHashMap<>(model);
      for (int change = random.nextInt(8); change > 0; change--) {
        int key = random.nextInt(KEYS);
        if (random.nextInt(3) == 0) {
          draft.remove(key);
          next.remove(key);
        } else {
          draft.put(key, key + " " + step);
          next.put(key, key + " " + step);
        }
        assertThat(draft.get(key)).isEqualTo(next.get(key));
      }
      LayeredMap<Integer, String> changed = draft.finish();
      assertThat(map.values()).containsExactlyInAnyOrderElementsOf(model.values());
      map = changed;
      model = next;
      assertThat(map.values()).containsExactlyInAnyOrderElementsOf(model.values());
      assertThat(map.values()).hasSize(model.size());
      for (int key = 0; key < KEYS; key++) {
        assertThat(map.get(key)).isEqualTo(model.get(key));
      }
    }
  }

  @Test
  void whatIsReplacedKeepsItsPlace() {
    LayeredMap<Integer, String> map = LayeredMap.empty();
    for (int key = 0; key < 100; key++) {
      LayeredMap<Integer, String>.Draft draft = map.draft();
      draft.put(key, "");
      map = draft.finish();
    }
    LayeredMap<Integer, String>.Draft draft = map.draft();
    draft.put(1, "other");
    draft.put(100, "last");
    assertThat(draft.finish().values())
        .startsWith("", "other", "")
        .endsWith("", "last")
        .hasSize(101);
  }
}
