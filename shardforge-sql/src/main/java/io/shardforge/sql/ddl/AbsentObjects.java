package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectWithArgs;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * DROP … IF EXISTS of what nobody can make here: that there is none of the name is all that there
 * is to say. What comes with the system is refused like every other DROP of its kind.
 */
final class AbsentObjects {
  private static final Set<String> OWN = Set.of("shardforge", "plpgsql", "sql", "c", "internal");

  private final DdlScope scope;

  AbsentObjects(DdlScope scope) {
    this.scope = scope;
  }

  String drop(DropStmt statement) {
    String words = GrammarWords.of(statement.getRemoveType());
    if (!statement.getMissingOk()) {
      throw DdlErrors.unsupported("DROP " + words);
    }
    String kind = words.toLowerCase(Locale.ROOT);
    for (Node object : statement.getObjectsList()) {
      switch (statement.getRemoveType()) {
        case OBJECT_FUNCTION, OBJECT_PROCEDURE, OBJECT_ROUTINE, OBJECT_AGGREGATE ->
            function(object.getObjectWithArgs(), kind, words);
        case OBJECT_TRIGGER, OBJECT_RULE, OBJECT_POLICY -> attached(object, kind, words);
        case OBJECT_EXTENSION,
            OBJECT_PUBLICATION,
            OBJECT_EVENT_TRIGGER,
            OBJECT_FOREIGN_SERVER,
            OBJECT_LANGUAGE ->
            named(object.getString().getSval(), kind, words);
        case OBJECT_MATVIEW, OBJECT_FOREIGN_TABLE -> relation(object, kind, words);
        default -> throw DdlErrors.unsupported("DROP " + words);
      }
    }
    return "DROP " + words;
  }

  private void function(ObjectWithArgs function, String kind, String words) {
    List<String> name = strings(function.getObjnameList());
    if (!FunctionRegistry.functions(name.getLast()).isEmpty()) {
      throw DdlErrors.unsupported("DROP " + words);
    }
    String arguments =
        function.getObjargsList().stream()
            .map(argument -> text(argument.getTypeName()))
            .collect(Collectors.joining(","));
    skip("%s %s(%s)".formatted(kind, String.join(".", name), arguments));
  }

  /** A type as the grammar has it. */
  private static String text(TypeName type) {
    return String.join(".", strings(type.getNamesList()))
        + "[]".repeat(type.getArrayBoundsCount() > 0 ? 1 : 0);
  }

  private void attached(Node object, String kind, String words) {
    List<String> names = strings(object.getList().getItemsList());
    RangeVar relation =
        DropObjects.rangeVar(
            object.toBuilder()
                .setList(object.getList().toBuilder().removeItems(names.size() - 1))
                .build());
    if (scope.find(relation) == null) {
      skip("relation \"" + DdlScope.written(relation) + '"');
    } else if (names.getLast().equals("_RETURN")) {
      throw DdlErrors.unsupported("DROP " + words);
    } else {
      skip("%s \"%s\" for relation \"%s\"".formatted(kind, names.getLast(), relation.getRelname()));
    }
  }

  private void named(String name, String kind, String words) {
    if (OWN.contains(name)) {
      throw DdlErrors.unsupported("DROP " + words);
    }
    skip("%s \"%s\"".formatted(kind, name));
  }

  private void relation(Node object, String kind, String words) {
    RangeVar name = DropObjects.rangeVar(object);
    Object found = scope.find(name);
    if (found instanceof CatalogObject) {
      throw DropObjects.wrongKind(name, DdlScope.kindOf(found), kind);
    }
    if (found != null) {
      throw DdlErrors.unsupported("DROP " + words);
    }
    skip("%s \"%s\"".formatted(kind, DdlScope.written(name)));
  }

  private void skip(String what) {
    scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, what + " does not exist, skipping");
  }

  private static List<String> strings(List<Node> names) {
    return names.stream().map(name -> name.getString().getSval()).toList();
  }
}
