package io.shardforge.sql.plan;

import io.shardforge.sql.bind.Bound;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepMatchOrder;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Orders larger clusters of joins with Calcite: its rules turn the cluster into one multi-join and
 * that into a bushy tree, by the row counts of the inputs.
 *
 * <p>Only the shape of the tree comes back. Conditions go in as what they are to an order of joins
 * (which columns of which inputs they tie, and whether by equality), so nothing that Calcite
 * simplifies can change what a statement means.
 */
final class JoinAlgebra {
  private static final HepProgram PROGRAM =
      new HepProgramBuilder()
          .addRuleInstance(CoreRules.FILTER_INTO_JOIN)
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.JOIN_TO_MULTI_JOIN)
          .addMatchOrder(HepMatchOrder.BOTTOM_UP)
          .addRuleInstance(CoreRules.MULTI_JOIN_OPTIMIZE_BUSHY)
          .build();

  /** Any condition that is not an equality of two columns. */
  private static final SqlFunction TIE =
      new SqlFunction(
          "TIE",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.BOOLEAN,
          null,
          null,
          SqlFunctionCategory.USER_DEFINED_FUNCTION);

  private JoinAlgebra() {}

  /** The shape that Calcite finds for a cluster. */
  static JoinOrder.Tree order(JoinOrder.Cluster cluster, double[] rows) {
    HepPlanner planner = new HepPlanner(PROGRAM);
    RelDataTypeFactory types = new SqlTypeFactoryImpl(RelDataTypeSystem.DEFAULT);
    RexBuilder rex = new RexBuilder(types);
    RelOptCluster algebra = RelOptCluster.create(planner, rex);
    RelNode joined = null;
    for (int i = 0; i < cluster.inputs().size(); i++) {
      Input input = new Input(algebra, i, rows[i], cluster.inputs().get(i).types().size());
      joined =
          joined == null
              ? input
              : LogicalJoin.create(
                  joined,
                  input,
                  List.of(),
                  rex.makeLiteral(true),
                  java.util.Set.of(),
                  JoinRelType.INNER);
    }
    RelNode all = java.util.Objects.requireNonNull(joined);
    List<RexNode> conditions = new ArrayList<>();
    for (Bound condition : cluster.conditions()) {
      if (!Rewriter.columns(condition).isEmpty()) {
        conditions.add(condition(condition, rex, all.getRowType()));
      }
    }
    RelNode root =
        conditions.isEmpty()
            ? all
            : LogicalFilter.create(all, RexUtil.composeConjunction(rex, conditions));
    planner.setRoot(root);
    return shape(planner.findBestExp());
  }

  private static RexNode condition(Bound condition, RexBuilder rex, RelDataType row) {
    if (condition instanceof Bound.Call call
        && "=".equals(call.operator())
        && call.args().get(0) instanceof Bound.Column a
        && call.args().get(1) instanceof Bound.Column b) {
      return rex.makeCall(
          SqlStdOperatorTable.EQUALS, column(rex, row, a.index()), column(rex, row, b.index()));
    }
    List<RexNode> operands = new ArrayList<>();
    BitSet columns = Rewriter.columns(condition);
    for (int c = columns.nextSetBit(0); c >= 0; c = columns.nextSetBit(c + 1)) {
      operands.add(column(rex, row, c));
    }
    return rex.makeCall(TIE, operands);
  }

  private static RexNode column(RexBuilder rex, RelDataType row, int index) {
    return rex.makeInputRef(row.getFieldList().get(index).getType(), index);
  }

  private static JoinOrder.Tree shape(RelNode rel) {
    RelNode node = rel.stripped();
    if (node instanceof Input input) {
      return new JoinOrder.Tree.Leaf(input.number);
    }
    if (node instanceof Join join) {
      return new JoinOrder.Tree.Pair(shape(join.getLeft()), shape(join.getRight()));
    }
    return shape(node.getInput(0));
  }

  /** An input of the cluster: a number of rows and of columns. */
  private static final class Input extends AbstractRelNode {
    private final int number;
    private final double rows;

    Input(RelOptCluster algebra, int number, double rows, int width) {
      super(algebra, algebra.traitSetOf(Convention.NONE));
      this.number = number;
      this.rows = rows;
      RelDataTypeFactory types = algebra.getTypeFactory();
      RelDataTypeFactory.Builder row = types.builder();
      // Which type a column has means nothing to the order: one comparable type stands for all.
      for (int i = 0; i < width; i++) {
        row.add("c" + number + "_" + i, types.createSqlType(SqlTypeName.INTEGER));
      }
      this.rowType = row.build();
    }

    @Override
    public double estimateRowCount(RelMetadataQuery metadata) {
      return rows;
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
      return super.explainTerms(writer).item("input", number);
    }
  }
}
