package io.shardforge.server.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COPY to and from a file of the node. */
class CopyFileTest extends TwoSessions {
  @TempDir private Path directory;

  @BeforeEach
  void fill() throws Exception {
    run(a, "create table t (a int, b text)");
    run(a, "insert into t values (1, 'x'), (2, null), (3, 'a,\"b')");
  }

  @AfterEach
  void drop() throws Exception {
    run(a, "drop table t");
  }

  @Test
  void aFileHasTheRowsThatWereWrittenLast() throws Exception {
    Path file = directory.resolve("rows");
    assertThat(run(a, "copy t to '" + file + "'")).isEqualTo(3);
    assertThat(run(a, "copy (select * from t where a > 1) to '" + file + "' (format csv, header)"))
        .isEqualTo(2);
    assertThat(Files.readString(file)).isEqualTo("a,b\n2,\n3,\"a,\"\"b\"\n");
  }

  @Test
  void aConditionChoosesRowsOfTheInput() throws Exception {
    Path file = directory.resolve("rows");
    run(a, "copy t to '" + file + "'");
    run(a, "alter table t add c int default 7");
    assertThat(run(a, "copy t (a, b) from '" + file + "' where a = 1 or t.b is null and c = 7"))
        .isEqualTo(2);
    assertThat(stateOf(() -> run(a, "copy t (a, b) from '" + file + "' where 1 / (a - 3) > 4")))
        .isEqualTo("22012");
    assertThat(run(a, "delete from t where a < 3")).isEqualTo(4);
    assertThat(run(a, "delete from t")).isEqualTo(1);
  }

  @Test
  void filesAreForSuperusers() throws Exception {
    run(a, "create role filer");
    run(a, "grant all on t to filer");
    run(b, "set role filer");
    Path file = directory.resolve("rows");
    assertThat(stateOf(() -> run(b, "copy t to '" + file + "'"))).isEqualTo("42501");
    assertThat(file).doesNotExist();
    run(a, "revoke all on t from filer");
    run(a, "drop role filer");
  }
}
