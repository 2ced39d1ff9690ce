package io.shardforge.sql.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Group keys that are sets: computed before the rows are grouped, as columns of these. */
final class GroupedSets {
  private final Map<Bound, Bound> columns = new HashMap<>();
  private final Rel rows;

  GroupedSets(Rel input, GroupBy groupBy) {
    List<Bound> computed = new ArrayList<>();
    for (int i = 0; i < input.types().size(); i++) {
      computed.add(new Bound.Column(i, input.types().get(i), "", -1));
    }
    for (Bound key : groupBy.keys()) {
      if (Contains.hasSet(key)) {
        columns.put(Normal.of(key), new Bound.Column(computed.size(), key.type(), "", -1));
        computed.add(key);
      }
    }
    rows = columns.isEmpty() ? input : LateTargets.projection(input, computed);
    groupBy.replaceKeys(this::replaced);
  }

  Rel rows() {
    return rows;
  }

  /** An expression over these rows. */
  Bound replaced(Bound expression) {
    if (columns.isEmpty()) {
      return expression;
    }
    Bound column = columns.get(Normal.of(expression));
    if (column != null) {
      return column;
    }
    List<Bound> operands = expression.operands();
    return operands.isEmpty()
        ? expression
        : expression.withOperands(operands.stream().map(this::replaced).toList());
  }
}
