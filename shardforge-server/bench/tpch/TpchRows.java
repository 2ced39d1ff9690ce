import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the tables of TPC-H: the scale, and the directory for one file a table. */
final class TpchRows {
  private TpchRows() {}

  public static void main(String[] arguments) throws IOException {
    double scale = Double.parseDouble(arguments[0]);
    Path directory = Files.createDirectories(Path.of(arguments[1]));
    for (TpchTable<?> table : TpchTable.getTables()) {
      try (Writer out = Files.newBufferedWriter(directory.resolve(table.getTableName() + ".tbl"))) {
        for (TpchEntity row : table.createGenerator(scale, 1, 1)) {
          String line = row.toLine();
          // The last separator would begin another column.
          out.write(line, 0, line.length() - 1);
          out.write('\n');
        }
      }
    }
  }
}
