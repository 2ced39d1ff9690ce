package io.shardforge.sql.parse;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Makes a parse tree that differs from another one in some of its nodes. */
public final class TreeEditor {
  /** What to put in a node's place. */
  @FunctionalInterface
  public interface Replacement {
    /** The nodes instead of this one, or null to keep it and to look inside. */
    @Nullable List<Node> of(Node node);
  }

  private final Replacement replacement;
  private final UnaryOperator<TypeName> types;

  private TreeEditor(Replacement replacement, UnaryOperator<TypeName> types) {
    this.replacement = replacement;
    this.types = types;
  }

  /** The tree with its nodes replaced. */
  public static Node edit(Node tree, Replacement replacement) {
    return edit(tree, replacement, UnaryOperator.identity());
  }

  /** The same with other names of types. */
  public static Node edit(Node tree, Replacement replacement, UnaryOperator<TypeName> types) {
    return new TreeEditor(replacement, types).nodes(tree).getFirst();
  }

  private List<Node> nodes(Node node) {
    List<Node> instead = replacement.of(node);
    return instead != null ? instead : List.of((Node) inside(node));
  }

  private Message inside(Message message) {
    Message.Builder copy = message.toBuilder();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        copy.setField(
            field,
            field.isRepeated() ? all((List<?>) entry.getValue()) : one((Message) entry.getValue()));
      }
    }
    return copy.build();
  }

  private Message one(Message message) {
    return switch (message) {
      case Node node -> nodes(node).getFirst();
      case TypeName type -> types.apply((TypeName) inside(type));
      default -> inside(message);
    };
  }

  private List<Message> all(List<?> elements) {
    List<Message> edited = new ArrayList<>(elements.size());
    for (Object element : elements) {
      if (element instanceof Node node) {
        edited.addAll(nodes(node));
      } else {
        edited.add(inside((Message) element));
      }
    }
    return edited;
  }
}
