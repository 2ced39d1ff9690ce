package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogObject;
import io.shardforge.sql.catalog.EnumDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.parse.proto.AlterEnumStmt;
import io.shardforge.sql.parse.proto.CreateEnumStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.RoleSpec;
import io.shardforge.sql.type.EnumLabel;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CREATE TYPE and ALTER TYPE. */
final class TypeStatements {
  private static final int LABEL_BYTES_MAX = 63;

  private final DdlScope scope;

  TypeStatements(DdlScope scope) {
    this.scope = scope;
  }

  // ---- names ----

  static RangeVar nameOf(List<Node> parts) {
    return DropObjects.rangeVar(
        Node.newBuilder()
            .setList(io.shardforge.sql.parse.proto.List.newBuilder().addAllItems(parts))
            .build());
  }

  /** The type that a name means, or null. */
  static @Nullable PgType find(DdlScope scope, RangeVar name) {
    scope.requireThisDatabase(name);
    // Looks at the newest catalog, whose types are found from then on.
    var _ = scope.snapshot();
    String schema = name.getSchemaname();
    return PgTypes.named(schema.isEmpty() ? null : schema, name.getRelname());
  }

  static ShardForgeException undefined(RangeVar name) {
    return DdlErrors.of(
        ErrorCode.UNDEFINED_OBJECT, "type \"" + DdlScope.written(name) + "\" does not exist");
  }

  /** The newest version of a type that the role owns, locked. */
  TypeDescriptor lock(RangeVar name) {
    PgType type = find(scope, name);
    if (type == null) {
      throw undefined(name);
    }
    TypeDescriptor known = scope.snapshot().typeDescriptor(type.oid());
    if (known == null) {
      int element = type.elementOid();
      if (type.isUserDefined() && element != 0) {
        throw DdlErrors.of(
                ErrorCode.WRONG_OBJECT_TYPE, "cannot alter array type " + type.displayName())
            .withHint(
                "You can alter type "
                    + PgTypes.byOid(element).displayName()
                    + ", which will alter the array type as well.");
      }
      throw DdlErrors.mustOwn("type", type.displayName());
    }
    scope.requireOwner(known.ownerId(), "type", type.displayName());
    if (scope.catalog().lock(known.key()) instanceof TypeDescriptor newest) {
      return newest;
    }
    throw undefined(name);
  }

  private EnumDescriptor lockEnum(RangeVar name) {
    if (lock(name) instanceof EnumDescriptor found) {
      return found;
    }
    throw DdlErrors.of(ErrorCode.WRONG_OBJECT_TYPE, DdlScope.written(name) + " is not an enum");
  }

  // ---- CREATE TYPE … AS ENUM ----

  String createEnum(CreateEnumStmt statement) {
    RangeVar name = nameOf(statement.getTypeNameList());
    SchemaDescriptor schema = creationSchema(name);
    List<EnumLabel> labels = new ArrayList<>();
    for (Node value : statement.getValsList()) {
      String text = value.getString().getSval();
      requireUsable(text);
      if (labelOf(labels, text) != null) {
        throw DdlErrors.of(
            ErrorCode.UNIQUE_VIOLATION,
            "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"");
      }
      labels.add(
          new EnumLabel(scope.catalog().newId(), (labels.size() + 1) * EnumDescriptor.STEP, text));
    }
    int arrayId = scope.catalog().newId();
    scope
        .catalog()
        .create(
            new EnumDescriptor(
                scope.catalog().newId(),
                1,
                schema.id(),
                name.getRelname(),
                scope.context().currentRole(),
                arrayId,
                labels));
    return "CREATE TYPE";
  }

  /** The schema that a new type goes to, in which its name must be free. */
  SchemaDescriptor creationSchema(RangeVar name) {
    SchemaDescriptor schema = scope.creationSchema(name);
    requireNoRelation(schema, name.getRelname());
    return schema;
  }

  /** A relation has a row type of its name, so none may be made that has a type's name. */
  static void requireFree(SchemaDescriptor schema, String relation) {
    PgType type = PgTypes.named(schema.name(), relation);
    if (type != null && type.isUserDefined()) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, "type \"" + relation + "\" already exists")
          .withHint(
              "A relation has an associated type of the same name, so you must use a name that"
                  + " doesn't conflict with any existing type.");
    }
  }

  private void requireNoRelation(SchemaDescriptor schema, String name) {
    if (scope.snapshot().relation(schema.id(), name) != null) {
      throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, "type \"" + name + "\" already exists");
    }
  }

  private static void requireUsable(String label) {
    if (label.getBytes(StandardCharsets.UTF_8).length > LABEL_BYTES_MAX) {
      throw DdlErrors.of(ErrorCode.INVALID_NAME, "invalid enum label \"" + label + "\"")
          .withDetail("Labels must be " + LABEL_BYTES_MAX + " bytes or less.");
    }
  }

  private static @Nullable EnumLabel labelOf(List<EnumLabel> labels, String text) {
    for (EnumLabel label : labels) {
      if (label.text().equals(text)) {
        return label;
      }
    }
    return null;
  }

  // ---- ALTER TYPE of an enum ----

  String alterEnum(AlterEnumStmt statement) {
    EnumDescriptor old = lockEnum(nameOf(statement.getTypeNameList()));
    if (statement.getOldVal().isEmpty()) {
      add(old, statement);
    } else {
      EnumLabel label = existing(old, statement.getOldVal());
      String text = statement.getNewVal();
      requireUsable(text);
      if (labelOf(old.labels(), text) != null) {
        throw DdlErrors.of(
            ErrorCode.DUPLICATE_OBJECT, "enum label \"" + text + "\" already exists");
      }
      scope.catalog().replace(old, old.with(new EnumLabel(label.oid(), label.position(), text)));
    }
    return "ALTER TYPE";
  }

  private static EnumLabel existing(EnumDescriptor type, String text) {
    EnumLabel label = labelOf(type.labels(), text);
    if (label == null) {
      throw DdlErrors.of(
          ErrorCode.INVALID_PARAMETER_VALUE, "\"" + text + "\" is not an existing enum label");
    }
    return label;
  }

  private void add(EnumDescriptor old, AlterEnumStmt statement) {
    String text = statement.getNewVal();
    requireUsable(text);
    if (labelOf(old.labels(), text) != null) {
      String exists = "enum label \"" + text + "\" already exists";
      if (!statement.getSkipIfNewValExists()) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, exists);
      }
      scope.context().notice(ErrorCode.DUPLICATE_OBJECT, exists + ", skipping");
      return;
    }
    int place = old.labels().size();
    if (!statement.getNewValNeighbor().isEmpty()) {
      place = old.labels().indexOf(existing(old, statement.getNewValNeighbor()));
      place += statement.getNewValIsAfter() ? 1 : 0;
    }
    long position = position(old, place);
    scope.catalog().replace(old, old.with(new EnumLabel(scope.catalog().newId(), position, text)));
  }

  /** A position for a new value that comes at a place among the others. */
  private static long position(EnumDescriptor type, int place) {
    List<EnumLabel> labels = type.labels();
    if (labels.isEmpty()) {
      return EnumDescriptor.STEP;
    }
    if (place == 0) {
      return labels.getFirst().position() - EnumDescriptor.STEP;
    }
    long before = labels.get(place - 1).position();
    if (place == labels.size()) {
      return before + EnumDescriptor.STEP;
    }
    long middle = before + (labels.get(place).position() - before) / 2;
    if (middle == before) {
      throw DdlErrors.of(
          ErrorCode.PROGRAM_LIMIT_EXCEEDED,
          "there is no room for another value after \"" + labels.get(place - 1).text() + "\"");
    }
    return middle;
  }

  // ---- what all types have ----

  void rename(RangeVar name, String newName) {
    TypeDescriptor old = lock(name);
    SchemaDescriptor schema = scope.schema(scope.schemaName(old.schemaId()));
    requireNoRelation(schema, newName);
    scope.catalog().replace(old, old.moved(old.schemaId(), newName));
  }

  void setSchema(RangeVar name, String newSchema) {
    TypeDescriptor old = lock(name);
    SchemaDescriptor target = scope.schema(newSchema);
    scope.requireCreatable(target, old.name());
    if (target.id() == old.schemaId()) {
      return;
    }
    requireNoRelation(target, old.name());
    if (PgTypes.named(target.name(), old.name()) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_OBJECT,
          "type \"" + old.name() + "\" already exists in schema \"" + target.name() + "\"");
    }
    scope.catalog().replace(old, old.moved(target.id(), old.name()));
  }

  void owner(RangeVar name, RoleSpec spec) {
    CatalogObject old = lock(name);
    OwnerChange.of(scope, old, spec);
  }
}
