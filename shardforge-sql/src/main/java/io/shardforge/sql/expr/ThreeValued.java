package io.shardforge.sql.expr;

import java.util.List;

/** AND and OR over batches: later operands see only the rows that are still undecided. */
final class ThreeValued {
  private ThreeValued() {}

  /**
   * Combines operands where {@code dominant} (false for AND, true for OR) decides a row, and null,
   * too, if asked for.
   */
  static void evalBatch(
      List<Expression> operands,
      boolean dominant,
      boolean nullDecides,
      RowBatch in,
      EvalContext context,
      ColumnVector out) {
    int size = in.size();
    operands.getFirst().evalBatch(in, context, out);
    long decided = dominant ? 1 : 0;
    long[] result = out.longs();
    RowBatch.Cursor cursor = in.cursor();
    for (int n = 1; n < operands.size(); n++) {
      Expression operand = operands.get(n);
      for (int i = 0; i < size; i++) {
        boolean unknown = out.isNull(i);
        if (unknown ? nullDecides : result[i] == decided) {
          continue;
        }
        cursor.moveTo(i);
        Object value = operand.eval(cursor, context);
        if (value == null) {
          out.setNull(i);
        } else if ((Boolean) value == dominant) {
          out.setLong(i, decided);
        } else if (!unknown) {
          result[i] = 1 - decided;
        }
      }
    }
  }
}
