package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
  @Test
  void fillsInDefaults() {
    assertThat(DemoOptions.parse(List.of()))
        .isEqualTo(new DemoOptions(3, null, 15432, 18080, 17432));
  }

  @Test
  void takesBothForms() {
    assertThat(DemoOptions.parse(List.of("--nodes", "1", "--data=/d", "--pg-port=5000")))
        .isEqualTo(new DemoOptions(1, Path.of("/d"), 5000, 18080, 17432));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--node", "3")))
        .hasMessageContaining("'--node'");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--nodes"))).hasMessageContaining("value");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--nodes", "x")))
        .hasMessageContaining("not a number");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--nodes", "2", "--nodes", "2")))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--pg-port", "65534")))
        .hasMessageContaining("65535");
    assertThatThrownBy(() -> DemoOptions.parse(List.of("--pg-port", "18081")))
        .hasMessageContaining("overlap");
  }
}
