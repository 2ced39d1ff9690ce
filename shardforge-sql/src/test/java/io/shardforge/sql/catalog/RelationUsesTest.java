package io.shardforge.sql.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardforge.sql.catalog.RelationUse.Count;
import org.junit.jupiter.api.Test;

/** What is counted of relations and of the databases that they are in. */
final class RelationUsesTest {
  private final RelationUses uses = new RelationUses();

  @Test
  void databaseCountsWhatItsRelationsCount() {
    uses.relation(1, 100).add(Count.INSERTED, 3);
    uses.relation(1, 101).add(Count.INSERTED, 4);
    uses.relation(2, 100).add(Count.INSERTED, 50);
    assertThat(uses.relation(1, 100).of(Count.INSERTED)).isEqualTo(3);
    assertThat(uses.database(1).of(Count.INSERTED)).isEqualTo(7);
    assertThat(uses.known(1, 102)).isNull();
  }

  @Test
  void resetIsOfOneDatabase() {
    uses.relation(1, 100).scanned(1, 5);
    uses.relation(2, 100).scanned(1, 5);
    uses.reset(1, 9);
    assertThat(uses.known(1, 100)).isNull();
    assertThat(uses.database(1).of(Count.SCANS)).isZero();
    assertThat(uses.resetMicros(1)).isEqualTo(9);
    assertThat(uses.relation(2, 100).lastScan()).isEqualTo(5);
    assertThat(uses.resetMicros(2)).isNull();
  }

  @Test
  void liveRowsFollowWhatWasAnalyzedHere() {
    RelationUse table = uses.relation(1, 100);
    table.add(Count.INSERTED, 10);
    table.add(Count.DELETED, 2);
    assertThat(table.liveRows(StatisticsDescriptor.UNKNOWN)).isEqualTo(8);
    table.analyzed(100, true, 7);
    table.add(Count.INSERTED, 5);
    assertThat(table.liveRows(100)).isEqualTo(105);
    assertThat(table.liveRows(200)).as("another node has analyzed it").isEqualTo(200);
    assertThat(table.lastAnalyzed()).isEqualTo(7);
    assertThat(table.lastSelfAnalyzed()).isNull();
  }
}
