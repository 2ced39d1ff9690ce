package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HelpTest {
  @Test
  void aCommandSaysWhatItTakes() {
    assertThat(Help.of("start"))
        .contains("./shardforge start --store", "--log-format", "--locality")
        .doesNotContain("start-single-node", "--memory-share");
    assertThat(Help.of("node")).contains("node recover").doesNotContain("demo");
    assertThat(Help.of("version")).isEqualToIgnoringNewLines("  ./shardforge version");
  }

  @Test
  void whatIsNoCommandGetsAll() {
    assertThat(Help.of("stop")).isEqualTo(Help.all());
  }
}
