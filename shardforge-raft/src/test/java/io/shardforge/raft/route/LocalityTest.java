package io.shardforge.raft.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places of nodes, as they are written and compared. */
final class LocalityTest {
  @Test
  void itsTextIsReadAgain() {
    Locality place = Locality.parse("region=eu-1, zone=a_2");
    assertThat(place.tiers()).containsExactly("region=eu-1", "zone=a_2");
    assertThat(Locality.parse(place.toString())).isEqualTo(place);
    assertThat(Locality.parse("")).isEqualTo(Locality.NONE);
  }

  @Test
  void aNodeKeepsItsOwn() {
    NodeAddress node =
        new NodeAddress(0, 0, 4, new HostPort("h", 1), "p", "w", Locality.parse("zone=a"));
    assertThat(NodeAddress.fromBytes(node.toBytes())).isEqualTo(node);
    assertThat(node.numbered(3, 2).locality()).isEqualTo(node.locality());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zone", "zone=", "=a", "zone=a,", "zone=a,zone=b", "zone=a b", "zone=a=b", "z=é"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Locality.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itIsBoundedInDepth() {
    assertThatThrownBy(() -> Locality.parse("a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1"))
        .hasMessageContaining("more than 8");
  }

  @Test
  void tiersAreSharedFromTheWidestOn() {
    Locality place = Locality.parse("region=eu,zone=a,rack=1");
    assertThat(place.sharedWith(Locality.parse("region=eu,zone=b,rack=1"), 3)).isEqualTo(1);
    assertThat(place.sharedWith(Locality.parse("region=us,zone=a,rack=1"), 3)).isZero();
    assertThat(place.sharedWith(place, 3)).isEqualTo(3);
    assertThat(place.sharedWith(Locality.parse("region=eu"), 3)).isEqualTo(1);
    assertThat(place.sharedWith(Locality.NONE, 3)).isZero();
    assertThat(Locality.NONE.sharedWith(Locality.NONE, 3)).as("nothing is known").isEqualTo(3);
  }
}
