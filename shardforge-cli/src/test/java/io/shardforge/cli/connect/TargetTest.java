package io.shardforge.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetTest {
  @Test
  void withoutAWordItIsTheDemo() {
    Target target = Target.of(Map.of(), null, Map.of());
    assertThat(target.driverUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:15432/shardforge");
    assertThat(target.get("user")).isEqualTo("shardforge");
  }

  @Test
  void aUrlSaysAll() {
    Target target =
        Target.of(
            Map.of(),
            "postgresql://me:p%40ss@h1:1,[::1]:2/my%20db?sslmode=verify-full&sslrootcert=/c/a+b",
            Map.of("PGHOST", "unused", "PGUSER", "unused"));
    assertThat(target.driverUrl()).isEqualTo("jdbc:postgresql://h1:1,[::1]:2/my%20db");
    assertThat(target.driverProperties())
        .containsEntry("user", "me")
        .containsEntry("password", "p@ss")
        .containsEntry("sslmode", "verify-full")
        .containsEntry("sslrootcert", "/c/a+b");
  }

  @Test
  void whatIsSaidComesBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("PGHOST", "a", "PGPORT", "7", "SHARDFORGE_URL", "postgres://b/c", "PGUSER", "u");
    assertThat(Target.of(Map.of("port", "9"), null, environment).driverUrl())
        .isEqualTo("jdbc:postgresql://b:9/c");
    assertThat(Target.of(Map.of(), null, environment).get("user")).isEqualTo("u");
  }

  @Test
  void socketsAreNotThere() {
    assertThatThrownBy(() -> Target.of(Map.of("host", "/tmp"), null, Map.of()))
        .hasMessageContaining("TCP");
    assertThatThrownBy(() -> Target.of(Map.of(), "http://x", Map.of()))
        .hasMessageContaining("postgresql://");
  }
}
