package io.shardforge.sql.parse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.shardforge.sql.parse.proto.A_Expr;
import io.shardforge.sql.parse.proto.A_Expr_Kind;
import io.shardforge.sql.parse.proto.A_Indirection;
import io.shardforge.sql.parse.proto.BooleanTest;
import io.shardforge.sql.parse.proto.CoercionForm;
import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.NullTest;
import io.shardforge.sql.parse.proto.SubLink;
import io.shardforge.sql.parse.proto.TypeCast;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What the native writer of trees needs so that its text is read as the same tree: it forgets the
 * parentheses of some operands, so these are given to it as calls of a function, whose name is then
 * taken away.
 */
final class TreeText {
  private static final String MARK = "shardforge_operand";
  private static final Set<String> PLACES =
      Set.of("location", "name_location", "stmt_location", "stmt_len");

  /** Fields that hold operands, where a message is one that the writer does not look after. */
  private static final Set<String> OPERANDS = Set.of("lexpr", "rexpr", "arg", "testexpr", "args");

  private TreeText() {}

  /** The tree with calls around operands that need parentheses. */
  static Node marked(Node tree) {
    return (Node) marked((Message) tree);
  }

  /** The text without the names of those calls. */
  static String unmarked(String text) {
    return text.replace(MARK + "(", "(");
  }

  /** The tree without places in its text. */
  static Message placeless(Message tree) {
    return mapped(tree, (_, child) -> placeless(child));
  }

  private static Message marked(Message tree) {
    return mapped(
        tree,
        (field, child) ->
            child instanceof Node && OPERANDS.contains(field.getName())
                ? operand(tree, (Node) marked(child))
                : marked(child));
  }

  /** The tree with its parts replaced, and, as they change with the text, without its places. */
  private static Message mapped(
      Message tree, BiFunction<FieldDescriptor, Message, Message> replacement) {
    Message.Builder copy = tree.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : tree.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (PLACES.contains(field.getName())) {
        copy.clearField(field);
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        if (field.isRepeated()) {
          List<Message> elements = new ArrayList<>();
          for (Object element : (List<?>) entry.getValue()) {
            elements.add(replacement.apply(field, (Message) element));
          }
          copy.setField(field, elements);
        } else {
          copy.setField(field, replacement.apply(field, (Message) entry.getValue()));
        }
      }
    }
    return copy.build();
  }

  /** An operand as its parent needs it. */
  private static Node operand(Message parent, Node node) {
    return switch (parent) {
      case A_Expr e when e.getKind() == A_Expr_Kind.AEXPR_OP ->
          node.hasSubLink() && isCompound(node) ? called(node) : node;
      case A_Expr e when node.hasList() && e.getKind() == A_Expr_Kind.AEXPR_IN -> node;
      case A_Expr _ when node.hasList() -> bounds(node);
      case A_Indirection _ -> node.hasColumnRef() ? node : called(node);
      case FuncCall call when call.getFuncformat() != CoercionForm.COERCE_SQL_SYNTAX -> node;
      case A_Expr _,
          NullTest _,
          BooleanTest _,
          TypeCast _,
          CollateClause _,
          SubLink _,
          FuncCall _ ->
          isCompound(node) ? called(node) : node;
      default -> node;
    };
  }

  /** Those of BETWEEN. */
  private static Node bounds(Node list) {
    Node.Builder copy = list.toBuilder();
    for (Node.Builder item : copy.getListBuilder().getItemsBuilderList()) {
      if (isCompound(item.build())) {
        item.setFuncCall(called(item.build()).getFuncCall());
      }
    }
    return copy.build();
  }

  private static boolean isCompound(Node node) {
    return switch (node.getNodeCase()) {
      case A_EXPR, BOOL_EXPR, NULL_TEST, BOOLEAN_TEST, COLLATE_CLAUSE -> true;
      case SUB_LINK -> node.getSubLink().hasTestexpr();
      case FUNC_CALL -> node.getFuncCall().getFuncformat() == CoercionForm.COERCE_SQL_SYNTAX;
      default -> false;
    };
  }

  private static Node called(Node operand) {
    Node name =
        Node.newBuilder()
            .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(MARK))
            .build();
    return Node.newBuilder()
        .setFuncCall(
            FuncCall.newBuilder()
                .addFuncname(name)
                .addArgs(operand)
                .setFuncformat(CoercionForm.COERCE_EXPLICIT_CALL))
        .build();
  }
}
