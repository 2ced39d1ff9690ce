package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.EnumDescriptor;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.AlterTableCmd;
import io.shardforge.sql.parse.proto.AlterTableStmt;
import io.shardforge.sql.parse.proto.AlterTableType;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ObjectType;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TypeNames;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What hangs on a type that a statement made: columns, expressions and views. */
final class TypeUses {
  /** How stored text names a type. */
  private static final Pattern IN_TEXT = Pattern.compile("\"@\"\\.\"([0-9]+)\"");

  /**
   * Something in the way of dropping a type.
   *
   * @param on the type or the arrays of it
   * @param removal what takes it away
   */
  private record Use(String words, String on, Runnable removal) {}

  private final DdlScope scope;

  TypeUses(DdlScope scope) {
    this.scope = scope;
  }

  /** A type's name in stored text, which stays right when the type gets another one. */
  static String text(SqlType type) {
    PgType known = PgTypes.byOid(type.oid());
    PgType element = known.isArray() ? PgTypes.byOid(known.elementOid()) : known;
    if (!element.isUserDefined()) {
      return TypeNames.format(type);
    }
    return "\"" + TypeScope.BY_OID + "\".\"" + element.oid() + '"' + (known.isArray() ? "[]" : "");
  }

  /** Holds a type, so that it is not dropped while something is made of it. */
  static void keep(DdlContext context, int oid) {
    if (oid < SystemOids.FIRST_USER_OID) {
      return;
    }
    CollationDescriptor collation = context.catalog().snapshot().collation(oid);
    if (collation != null && context.catalog().keep(collation.key())) {
      return;
    }
    PgType type = PgTypes.byOid(oid);
    TypeDescriptor made =
        context
            .catalog()
            .snapshot()
            .typeDescriptor(type.isArray() ? type.elementOid() : type.oid());
    if (made == null || !context.catalog().keep(made.key())) {
      throw DdlErrors.of(ErrorCode.UNDEFINED_OBJECT, "type \"" + type.name() + "\" does not exist");
    }
  }

  /** Holds a type of which a column is made; fails with 42501 if the role may not use it so. */
  static void use(DdlContext context, int oid) {
    keep(context, oid);
    PgType type = PgTypes.byOid(oid);
    CatalogSnapshot snapshot = context.catalog().snapshot();
    TypeDescriptor made = snapshot.typeDescriptor(type.isArray() ? type.elementOid() : type.oid());
    if (made != null) {
      AccessCheck.of(snapshot, context.currentRole()).requireType(made);
    }
  }

  /** Holds the types that stored text names. */
  static void keep(DdlContext context, String sql) {
    Matcher matcher = IN_TEXT.matcher(sql);
    while (matcher.find()) {
      keep(context, Integer.parseInt(matcher.group(1)));
    }
  }

  // ---- DROP TYPE ----

  void drop(TypeDescriptor type, DropBehavior behavior) {
    scope.seeNewest();
    String described = "type " + PgTypes.byOid(type.id()).displayName();
    List<Use> uses = uses(type);
    if (!uses.isEmpty() && behavior != DropBehavior.DROP_CASCADE) {
      throw DropObjects.dependents(described, String.join("\n", details(uses)));
    }
    scope.noteCascade(uses.stream().map(use -> use.words).toList());
    // What was made last goes first: it may hang on what was made before.
    uses.reversed().forEach(use -> use.removal.run());
    switch (type) {
      case DomainDescriptor domain -> drop(domain);
      case EnumDescriptor made -> {
        scope.forgetAttachments(made.id());
        scope.dropIfPresent(made.key());
      }
    }
  }

  /** What hangs on a type, each in words. */
  List<String> details(TypeDescriptor type) {
    return details(uses(type));
  }

  private static List<String> details(List<Use> uses) {
    return uses.stream().map(use -> use.words + " depends on " + use.on).toList();
  }

  /** In the order in which PostgreSQL tells of them: as they were made, last columns first. */
  private List<Use> uses(TypeDescriptor type) {
    List<Placed> placed = new ArrayList<>();
    String described = "type " + PgTypes.byOid(type.id()).displayName();
    for (TypeDescriptor other : scope.snapshot().typeDescriptors()) {
      if (other instanceof DomainDescriptor domain && uses(domain, type)) {
        boolean array = domain.base().oid() == type.arrayId();
        List<Use> uses = new ArrayList<>();
        uses.add(
            new Use(
                "type " + PgTypes.byOid(domain.id()).displayName(),
                array ? described + "[]" : described,
                () -> drop(domain)));
        uses.addAll(uses(domain));
        placed.add(new Placed(domain.id(), 0, uses));
      }
    }
    for (TableDescriptor table : scope.snapshot().tables()) {
      addUses(table, type, described, placed);
    }
    for (ViewDescriptor view : scope.snapshot().views()) {
      if (names(view.sql(), type)) {
        String name = "view " + scope.describedName(view.schemaId(), view.name());
        placed.add(new Placed(view.id(), 0, new Use(name, described, () -> drop(view))));
      }
    }
    placed.sort(Comparator.comparingInt(Placed::object).thenComparingInt(p -> -p.column));
    return placed.stream().flatMap(p -> p.uses.stream()).toList();
  }

  /** What belongs to an object that was made at its place among all, or to a column of one. */
  private record Placed(int object, int column, List<Use> uses) {
    Placed(int object, int column, Use use) {
      this(object, column, List.of(use));
    }
  }

  private void addUses(
      TableDescriptor table, TypeDescriptor type, String described, List<Placed> placed) {
    String name = "table " + scope.describedName(table.schemaId(), table.name());
    Set<String> going = new HashSet<>();
    for (ColumnDescriptor column : table.visibleColumns()) {
      boolean array = column.type().oid() == type.arrayId();
      boolean made = isOf(column.type(), type);
      if (made || (column.generated() && names(column.defaultSql(), type))) {
        Use use =
            new Use(
                "column " + column.name() + " of " + name,
                array ? described + "[]" : described,
                () -> alter(table, AlterTableType.AT_DropColumn, column.name()));
        placed.add(new Placed(array ? type.arrayId() : table.id(), column.number(), use));
        if (made) {
          going.add(column.name());
        }
      } else if (names(column.defaultSql(), type)) {
        Use use =
            new Use(
                "default value for column " + column.name() + " of " + name,
                described,
                () -> alter(table, AlterTableType.AT_ColumnDefault, column.name()));
        placed.add(new Placed(Integer.MAX_VALUE, column.number(), use));
      }
    }
    for (CheckDescriptor check : table.checks()) {
      boolean goesAnyway =
          new Definitions(scope).columnsOf(check.sql()).stream().anyMatch(going::contains);
      if (names(check.sql(), type) && !goesAnyway) {
        Use use =
            new Use(
                "constraint " + check.name() + " on " + name,
                described,
                () -> alter(table, AlterTableType.AT_DropConstraint, check.name()));
        placed.add(new Placed(check.oid(), 0, use));
      }
    }
    for (IndexDescriptor index : table.indexes()) {
      boolean goesAnyway =
          table.visibleColumns().stream()
              .filter(column -> going.contains(column.name()))
              .anyMatch(column -> new Definitions(scope).uses(index, column));
      if (index.terms().stream().anyMatch(sql -> names(sql, type)) && !goesAnyway) {
        String words = "index " + scope.describedName(table.schemaId(), index.name());
        placed.add(new Placed(index.oid(), 0, new Use(words, described, () -> drop(index))));
      }
    }
  }

  private static boolean isOf(SqlType used, TypeDescriptor type) {
    return used.oid() == type.id() || used.oid() == type.arrayId();
  }

  private static boolean names(@Nullable String sql, TypeDescriptor type) {
    return sql != null && sql.contains(text(SqlType.of(type.id())));
  }

  private void alter(TableDescriptor table, AlterTableType action, String name) {
    if (scope.snapshot().relation(table.id()) == null) {
      return;
    }
    AlterTableStmt statement =
        AlterTableStmt.newBuilder()
            .setRelation(
                RangeVar.newBuilder()
                    .setSchemaname(scope.schemaName(table.schemaId()))
                    .setRelname(table.name())
                    .setLocation(-1))
            .setObjtype(ObjectType.OBJECT_TABLE)
            .addCmds(
                Node.newBuilder()
                    .setAlterTableCmd(
                        AlterTableCmd.newBuilder()
                            .setSubtype(action)
                            .setName(name)
                            .setMissingOk(true)
                            .setBehavior(DropBehavior.DROP_CASCADE)))
            .build();
    var _ = new AlterRelation(scope).run(statement);
  }

  private static boolean uses(DomainDescriptor domain, TypeDescriptor type) {
    return isOf(domain.base(), type)
        || names(domain.defaultSql(), type)
        || domain.checks().stream().anyMatch(check -> names(check.sql(), type));
  }

  private void drop(DomainDescriptor domain) {
    scope.forgetAttachments(domain.id());
    domain.checks().forEach(check -> scope.forgetAttachments(check.oid()));
    scope.dropIfPresent(domain.key());
  }

  private void drop(IndexDescriptor index) {
    IndexOfTable found = scope.snapshot().index(index.oid());
    if (found != null) {
      new DropObjects(scope).index(found, DropBehavior.DROP_CASCADE);
    }
  }

  private void drop(ViewDescriptor view) {
    if (scope.snapshot().relation(view.id()) != null) {
      new DropObjects(scope).view(view, DropBehavior.DROP_CASCADE);
    }
  }

  /** DROP TYPE of the names in a statement. */
  static void run(DdlScope scope, DropStmt statement) {
    for (Node object : statement.getObjectsList()) {
      RangeVar name = TypeStatements.nameOf(object.getTypeName().getNamesList());
      PgType type = TypeStatements.find(scope, name);
      if (type == null) {
        missing(scope, name, statement.getMissingOk());
        continue;
      }
      if (statement.getRemoveType() == ObjectType.OBJECT_DOMAIN && !type.isDomain()) {
        throw DomainStatements.notADomain('"' + DdlScope.written(name) + '"');
      }
      TypeDescriptor known = scope.snapshot().typeDescriptor(type.oid());
      if (known == null) {
        throw notDroppable(type);
      }
      scope.requireOwner(known.ownerId(), "type", type.displayName());
      if (scope.catalog().lock(known.key()) instanceof TypeDescriptor newest) {
        new TypeUses(scope).drop(newest, statement.getBehavior());
      }
    }
  }

  private static void missing(DdlScope scope, RangeVar name, boolean missingOk) {
    String schema = name.getSchemaname();
    boolean noSchema = !schema.isEmpty() && scope.snapshot().schema(schema) == null;
    if (!missingOk) {
      throw noSchema ? DdlErrors.undefinedSchema(schema) : TypeStatements.undefined(name);
    }
    String what = noSchema ? "schema \"" + schema + '"' : "type \"" + DdlScope.written(name) + '"';
    scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, what + " does not exist, skipping");
  }

  private static ShardForgeException notDroppable(PgType type) {
    if (!type.isUserDefined()) {
      return DdlErrors.of(
          ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
          "cannot drop type "
              + type.displayName()
              + " because it is required by the database system");
    }
    String element = "type " + PgTypes.byOid(type.elementOid()).displayName();
    return DdlErrors.of(
            ErrorCode.DEPENDENT_OBJECTS_STILL_EXIST,
            "cannot drop type " + type.displayName() + " because " + element + " requires it")
        .withHint("You can drop " + element + " instead.");
  }
}
