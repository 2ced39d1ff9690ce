package io.shardforge.storage.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Codes and the reports that carry them. */
class ShardForgeExceptionTest {
  @Test
  void givesEveryConditionACodeOfItsOwn() {
    Set<String> seen = new HashSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(code.sqlState()).matches("[0-9A-Z]{5}");
      assertThat(seen.add(code.sqlState())).as(code.sqlState()).isTrue();
      assertThat(ErrorCode.fromSqlState(code.sqlState())).isSameAs(code);
    }
    assertThat(ErrorCode.UNIQUE_VIOLATION.sqlState()).isEqualTo("23505");
    assertThat(ErrorCode.UNIQUE_VIOLATION.conditionName()).isEqualTo("unique_violation");
    assertThat(ErrorCode.fromSqlState("?????")).isNull();
  }

  @Test
  void carriesAllFieldsOfAReport() {
    ShardForgeException error =
        new ShardForgeException(ErrorCode.UNIQUE_VIOLATION, "duplicate key")
            .withDetail("Key (id)=(1) already exists.")
            .withHint("Use another one.")
            .withPosition(8)
            .withWhere("COPY t, line 3")
            .withTable("public", "t")
            .withColumn("id")
            .withConstraint("t_pkey")
            .withDataType("public", "int4");
    assertThat(error.code()).isEqualTo(ErrorCode.UNIQUE_VIOLATION);
    assertThat(error.message()).isEqualTo("duplicate key");
    assertThat(error.detail()).isEqualTo("Key (id)=(1) already exists.");
    assertThat(error.hint()).isEqualTo("Use another one.");
    assertThat(error.position()).isEqualTo(8);
    assertThat(error.where()).isEqualTo("COPY t, line 3");
    assertThat(error.schemaName()).isEqualTo("public");
    assertThat(error.tableName()).isEqualTo("t");
    assertThat(error.columnName()).isEqualTo("id");
    assertThat(error.constraintName()).isEqualTo("t_pkey");
    assertThat(error.dataTypeName()).isEqualTo("int4");
  }

  @Test
  void tracesTheServersFaultsOnly() {
    Throwable cause = new IllegalStateException("x");
    ShardForgeException fault = new ShardForgeException(ErrorCode.INTERNAL_ERROR, "bug", cause);
    assertThat(fault.getStackTrace()).isNotEmpty();
    assertThat(fault.withDetail("d").getStackTrace()).isEqualTo(fault.getStackTrace());
    assertThat(fault.withDetail("d").getCause()).isSameAs(cause);
    assertThat(new ShardForgeException(ErrorCode.DIVISION_BY_ZERO, "x").getStackTrace()).isEmpty();
  }
}
