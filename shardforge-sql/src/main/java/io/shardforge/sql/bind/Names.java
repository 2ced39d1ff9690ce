package io.shardforge.sql.bind;

import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import java.util.ArrayList;
import java.util.List;

/** Names in parse trees and names of types in messages. */
final class Names {
  private Names() {}

  static String type(int oid) {
    return TypeNames.format(oid, -1);
  }

  static String type(SqlType type) {
    return TypeNames.format(type.oid(), -1);
  }

  /** The strings of a list of String nodes. */
  static List<String> strings(List<Node> nodes) {
    List<String> names = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      names.add(node.getString().getSval());
    }
    return names;
  }

  static String last(List<Node> nodes) {
    return nodes.getLast().getString().getSval();
  }

  static String dotted(List<String> names) {
    return String.join(".", names);
  }
}
