package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.parse.proto.CreateSchemaStmt;
import io.shardforge.sql.parse.proto.CreateSeqStmt;
import io.shardforge.sql.parse.proto.CreateStmt;
import io.shardforge.sql.parse.proto.IndexStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ViewStmt;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** CREATE SCHEMA. */
final class SchemaStatements {
  /** In which order the elements of a schema are made. */
  private static final List<Node.NodeCase> ORDER =
      List.of(
          Node.NodeCase.CREATE_SEQ_STMT,
          Node.NodeCase.CREATE_STMT,
          Node.NodeCase.VIEW_STMT,
          Node.NodeCase.INDEX_STMT,
          Node.NodeCase.CREATE_TRIG_STMT,
          Node.NodeCase.GRANT_STMT);

  private final DdlScope scope;

  SchemaStatements(DdlScope scope) {
    this.scope = scope;
  }

  String create(CreateSchemaStmt statement) {
    RoleDescriptor owner = scope.currentRole();
    if (statement.hasAuthrole()) {
      owner = scope.role(statement.getAuthrole());
      scope.requireMayGiveTo(owner);
    }
    String name = statement.getSchemaname().isEmpty() ? owner.name() : statement.getSchemaname();
    requireUsableName(name);
    List<Node> elements = elements(statement, name);
    int databaseId = scope.snapshot().databaseId();
    DatabaseDescriptor database = scope.snapshot().database(databaseId);
    if (database != null) {
      scope.access().requireDatabase(database, Privilege.CREATE);
    }
    if (scope.snapshot().schema(name) != null) {
      String text = "schema \"" + name + "\" already exists";
      if (!statement.getIfNotExists()) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_SCHEMA, text);
      }
      scope.context().notice(ErrorCode.DUPLICATE_SCHEMA, text + ", skipping");
      return "CREATE SCHEMA";
    }
    scope
        .catalog()
        .create(new SchemaDescriptor(scope.catalog().newId(), 1, databaseId, name, owner.id()));
    if (!elements.isEmpty()) {
      scope.context().within(name, owner.name(), () -> elements.forEach(this::make));
    }
    return "CREATE SCHEMA";
  }

  private void make(Node element) {
    var _ = new DdlExecutor().execute(element, scope.context());
  }

  /** What is made in the schema, in the order of PostgreSQL, whatever that of the statement is. */
  private static List<Node> elements(CreateSchemaStmt statement, String schema) {
    List<Node> elements = new ArrayList<>();
    for (Node element : statement.getSchemaEltsList()) {
      elements.add(placed(element, schema));
    }
    elements.sort(Comparator.comparingInt(element -> ORDER.indexOf(element.getNodeCase())));
    return elements;
  }

  /** The element with the name of the schema. */
  private static Node placed(Node element, String schema) {
    return switch (element.getNodeCase()) {
      case CREATE_STMT -> {
        CreateStmt create = element.getCreateStmt();
        RangeVar name = placed(create.getRelation(), schema);
        yield element.toBuilder().setCreateStmt(create.toBuilder().setRelation(name)).build();
      }
      case CREATE_SEQ_STMT -> {
        CreateSeqStmt create = element.getCreateSeqStmt();
        RangeVar name = placed(create.getSequence(), schema);
        yield element.toBuilder().setCreateSeqStmt(create.toBuilder().setSequence(name)).build();
      }
      case VIEW_STMT -> {
        ViewStmt create = element.getViewStmt();
        RangeVar name = placed(create.getView(), schema);
        yield element.toBuilder().setViewStmt(create.toBuilder().setView(name)).build();
      }
      case INDEX_STMT -> {
        IndexStmt create = element.getIndexStmt();
        RangeVar name = placed(create.getRelation(), schema);
        yield element.toBuilder().setIndexStmt(create.toBuilder().setRelation(name)).build();
      }
      default -> element;
    };
  }

  private static RangeVar placed(RangeVar name, String schema) {
    if (!name.getSchemaname().isEmpty() && !name.getSchemaname().equals(schema)) {
      throw DdlErrors.of(
          ErrorCode.INVALID_SCHEMA_DEFINITION,
          "CREATE specifies a schema ("
              + name.getSchemaname()
              + ") different from the one being created ("
              + schema
              + ")");
    }
    return name.toBuilder().setSchemaname(schema).build();
  }

  static void requireUsableName(String name) {
    if (name.startsWith("pg_")) {
      throw DdlErrors.of(ErrorCode.RESERVED_NAME, "unacceptable schema name \"" + name + "\"")
          .withDetail("The prefix \"pg_\" is reserved for system schemas.");
    }
  }
}
