package io.shardforge.sql.exec;

import java.util.List;

/** The comparison of a header line with the columns that are copied. */
final class CopyHeader {
  private CopyHeader() {}

  static void match(CopyRows rows, List<String> names, byte[] line, int from, int length) {
    if (names.size() != rows.fields()) {
      throw rows.malformed(
          "wrong number of fields in header line: got "
              + names.size()
              + ", expected "
              + rows.fields(),
          line,
          from,
          length);
    }
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).equals(rows.fieldName(i))) {
        throw rows.malformed(
            "column name mismatch in header line field "
                + (i + 1)
                + ": got \""
                + names.get(i)
                + "\", expected \""
                + rows.fieldName(i)
                + "\"",
            line,
            from,
            length);
      }
    }
  }
}
