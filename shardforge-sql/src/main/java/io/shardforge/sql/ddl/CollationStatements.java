package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CollationDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.parse.proto.AlterCollationStmt;
import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.parse.proto.DefElem;
import io.shardforge.sql.parse.proto.DefineStmt;
import io.shardforge.sql.parse.proto.DropBehavior;
import io.shardforge.sql.parse.proto.DropStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.Collation;
import io.shardforge.sql.type.Collations;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.TextOrder;
import io.shardforge.sql.type.TypeScope;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** CREATE, DROP and ALTER COLLATION, and the collations that other statements name. */
final class CollationStatements {
  private static final Set<String> OPTIONS =
      Set.of(
          "from",
          "locale",
          "lc_collate",
          "lc_ctype",
          "provider",
          "deterministic",
          "rules",
          "version");

  private static final Set<String> CODE_POINT_LOCALES = Set.of("C", "POSIX");

  private final DdlScope scope;

  CollationStatements(DdlScope scope) {
    this.scope = scope;
  }

  // ---- names ----

  /** A type with the collation that a clause names; as it is without a clause. */
  static SqlType collated(SqlType type, @Nullable CollateClause clause, DdlContext context) {
    if (clause == null) {
      return type.withCollation(PgTypes.base(type).collation());
    }
    int position = context.position(clause.getLocation());
    if (!type.isCollatable()) {
      throw DdlErrors.of(
              ErrorCode.DATATYPE_MISMATCH,
              "collations are not supported by type " + PgTypes.byOid(type.oid()).displayName())
          .withPosition(position);
    }
    Collation collation = find(context, clause.getCollnameList());
    if (collation == null) {
      throw undefined(name(clause.getCollnameList())).withPosition(position);
    }
    return type.withCollation(collation.oid() == Collations.DEFAULT ? null : collation);
  }

  /** Refuses a table's column whose collation is not known. */
  static void requireDerived(String column, SqlType type) {
    if (Collation.INDETERMINATE.equals(type.collation())) {
      throw DdlErrors.of(
              ErrorCode.INDETERMINATE_COLLATION,
              "no collation was derived for column \""
                  + column
                  + "\" with collatable type "
                  + PgTypes.byOid(type.oid()).displayName())
          .withHint("Use the COLLATE clause to set the collation explicitly.");
    }
  }

  /** The collation of a name, held so that it is not dropped meanwhile; null if there is none. */
  static @Nullable Collation find(DdlContext context, List<Node> parts) {
    RangeVar name = TypeStatements.nameOf(parts);
    CatalogSnapshot snapshot = context.catalog().snapshot();
    String schema = name.getSchemaname();
    Collation found =
        snapshot.collation(
            context.searchPath(), schema.isEmpty() ? null : schema, name.getRelname());
    CollationDescriptor made = found == null ? null : snapshot.collation(found.oid());
    return made != null && !context.catalog().keep(made.key()) ? null : found;
  }

  /** How stored text names a collation, so that it stays right when that gets another name. */
  static @Nullable String text(DdlContext context, List<Node> parts) {
    Collation found = find(context, parts);
    return found == null || Collations.byOid(found.oid()) != null ? null : text(found.oid());
  }

  private static String text(int oid) {
    return "\"" + TypeScope.BY_OID + "\".\"" + oid + '"';
  }

  private static String name(List<Node> parts) {
    return DdlScope.written(TypeStatements.nameOf(parts));
  }

  private static ShardForgeException undefined(String name) {
    return DdlErrors.of(
        ErrorCode.UNDEFINED_OBJECT,
        "collation \"" + name + "\" for encoding \"UTF8\" does not exist");
  }

  // ---- CREATE COLLATION ----

  String create(DefineStmt statement) {
    RangeVar name = TypeStatements.nameOf(statement.getDefnamesList());
    SchemaDescriptor schema = scope.creationSchema(name);
    Map<String, DefElem> options = options(statement);
    Draft draft = options.containsKey("from") ? copied(options) : described(options);
    if (scope.snapshot().collation(schema.id(), name.getRelname()) != null) {
      String text = "collation \"" + name.getRelname() + "\" already exists";
      if (!statement.getIfNotExists()) {
        throw DdlErrors.of(ErrorCode.DUPLICATE_OBJECT, text);
      }
      scope.context().notice(ErrorCode.DUPLICATE_OBJECT, text + ", skipping");
      return "CREATE COLLATION";
    }
    DefElem version = options.get("version");
    scope
        .catalog()
        .create(
            new CollationDescriptor(
                scope.catalog().newId(),
                1,
                schema.id(),
                name.getRelname(),
                scope.context().currentRole(),
                draft.locale,
                draft.deterministic,
                version != null ? text(version) : orderVersion(draft.locale)));
    return "CREATE COLLATION";
  }

  private record Draft(@Nullable String locale, boolean deterministic) {}

  private static @Nullable String orderVersion(@Nullable String locale) {
    return locale == null ? null : TextOrder.version(locale);
  }

  private Map<String, DefElem> options(DefineStmt statement) {
    Map<String, DefElem> options = new HashMap<>();
    for (Node node : statement.getDefinitionList()) {
      DefElem option = node.getDefElem();
      int position = scope.context().position(option.getLocation());
      if (!OPTIONS.contains(option.getDefname())) {
        throw DdlErrors.of(
                ErrorCode.SYNTAX_ERROR,
                "collation attribute \"" + option.getDefname() + "\" not recognized")
            .withPosition(position);
      }
      if (options.put(option.getDefname(), option) != null) {
        throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting or redundant options")
            .withPosition(position);
      }
    }
    if (options.containsKey("locale")
        && (options.containsKey("lc_collate") || options.containsKey("lc_ctype"))) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting or redundant options")
          .withDetail("LOCALE cannot be specified together with LC_COLLATE or LC_CTYPE.");
    }
    if (options.containsKey("from") && options.size() > 1) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting or redundant options")
          .withDetail("FROM cannot be specified together with any other options.");
    }
    return options;
  }

  private Draft copied(Map<String, DefElem> options) {
    Node from = Objects.requireNonNull(options.get("from")).getArg();
    List<Node> parts =
        from.hasList() ? from.getList().getItemsList() : from.getTypeName().getNamesList();
    Collation collation = find(scope.context(), parts);
    if (collation == null) {
      throw undefined(name(parts));
    }
    if (collation.oid() == Collations.DEFAULT) {
      throw DdlErrors.of(
          ErrorCode.INVALID_OBJECT_DEFINITION, "collation \"default\" cannot be copied");
    }
    return new Draft(collation.locale(), collation.deterministic());
  }

  private static Draft described(Map<String, DefElem> options) {
    DefElem providerOption = options.get("provider");
    String provider =
        providerOption == null ? "libc" : text(providerOption).toLowerCase(Locale.ROOT);
    DefElem deterministicOption = options.get("deterministic");
    boolean deterministic =
        deterministicOption == null || DatabaseStatements.bool(deterministicOption);
    if (options.containsKey("rules")) {
      throw DdlErrors.unsupported("RULES of a collation");
    }
    DefElem locale = options.get("locale");
    return switch (provider) {
      case "icu" -> {
        if (locale == null) {
          throw DdlErrors.of(
              ErrorCode.INVALID_OBJECT_DEFINITION, "parameter \"locale\" must be specified");
        }
        TextOrder.require(text(locale));
        yield new Draft(text(locale), deterministic);
      }
      case "libc", "builtin" -> {
        for (String name : List.of("lc_collate", "lc_ctype")) {
          DefElem option = options.getOrDefault(name, locale);
          if (option == null) {
            throw DdlErrors.of(
                ErrorCode.INVALID_OBJECT_DEFINITION,
                "parameter \"" + name + "\" must be specified");
          }
          if (!CODE_POINT_LOCALES.contains(text(option))) {
            throw DdlErrors.unsupported(
                "locale \"" + text(option) + "\" of the provider " + provider);
          }
        }
        if (!deterministic) {
          throw DdlErrors.of(
              ErrorCode.FEATURE_NOT_SUPPORTED,
              "nondeterministic collations not supported with this provider");
        }
        yield new Draft(null, true);
      }
      default ->
          throw DdlErrors.of(
              ErrorCode.INVALID_OBJECT_DEFINITION, "unrecognized collation provider: " + provider);
    };
  }

  private static String text(DefElem option) {
    Node arg = option.getArg();
    return arg.hasTypeName() ? name(arg.getTypeName().getNamesList()) : arg.getString().getSval();
  }

  // ---- DROP and ALTER COLLATION ----

  /** The newest version of a collation that the role owns, locked. */
  CollationDescriptor lock(RangeVar name) {
    CollationDescriptor known = made(name);
    if (known == null) {
      String schema = name.getSchemaname();
      Collation builtIn =
          scope
              .snapshot()
              .collation(
                  scope.context().searchPath(),
                  schema.isEmpty() ? null : schema,
                  name.getRelname());
      throw builtIn == null
          ? undefined(DdlScope.written(name))
          : DdlErrors.mustOwn("collation", name.getRelname());
    }
    scope.requireOwner(known.ownerId(), "collation", known.name());
    if (scope.catalog().lock(known.key()) instanceof CollationDescriptor newest) {
      return newest;
    }
    throw undefined(DdlScope.written(name));
  }

  private @Nullable CollationDescriptor made(RangeVar name) {
    scope.requireThisDatabase(name);
    String schema = name.getSchemaname();
    Collation found =
        scope
            .snapshot()
            .collation(
                scope.context().searchPath(), schema.isEmpty() ? null : schema, name.getRelname());
    return found == null ? null : scope.snapshot().collation(found.oid());
  }

  String drop(DropStmt statement) {
    for (Node object : statement.getObjectsList()) {
      RangeVar name = DropObjects.rangeVar(object);
      String schema = name.getSchemaname();
      boolean there =
          scope
                  .snapshot()
                  .collation(
                      scope.context().searchPath(),
                      schema.isEmpty() ? null : schema,
                      name.getRelname())
              != null;
      if (!there && statement.getMissingOk()) {
        String what =
            !schema.isEmpty() && scope.snapshot().schema(schema) == null
                ? "schema \"" + schema + '"'
                : "collation \"" + DdlScope.written(name) + '"';
        scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, what + " does not exist, skipping");
        continue;
      }
      drop(lock(name), statement.getBehavior());
    }
    return "DROP COLLATION";
  }

  private void drop(CollationDescriptor collation, DropBehavior behavior) {
    List<String> uses = uses(collation);
    if (!uses.isEmpty()) {
      if (behavior == DropBehavior.DROP_CASCADE) {
        throw DdlErrors.unsupported("DROP COLLATION ... CASCADE of one that is in use");
      }
      String described = "collation " + described(collation);
      throw DropObjects.dependents(
          described,
          String.join("\n", uses.stream().map(use -> use + " depends on " + described).toList()));
    }
    remove(collation);
  }

  /** Refuses to drop a schema with a collation that something outside of it uses. */
  void requireUsedWithin(CollationDescriptor collation, List<Object> content) {
    for (TableDescriptor table : scope.snapshot().tables()) {
      if (!content.contains(table)
          && table.visibleColumns().stream().anyMatch(c -> isUnder(c.type(), collation.id()))) {
        throw DdlErrors.unsupported("DROP SCHEMA ... CASCADE with a collation that is in use");
      }
    }
  }

  /** Takes a collation away that nothing uses any more. */
  void remove(CollationDescriptor collation) {
    scope.forgetAttachments(collation.id());
    scope.dropIfPresent(collation.key());
  }

  String described(CollationDescriptor collation) {
    return scope.describedName(collation.schemaId(), collation.name());
  }

  /** What hangs on a collation, in words. */
  List<String> uses(CollationDescriptor collation) {
    int oid = collation.id();
    List<String> uses = new ArrayList<>();
    for (TypeDescriptor type : scope.snapshot().typeDescriptors()) {
      if (type instanceof DomainDescriptor domain
          && (isUnder(domain.base(), oid)
              || names(domain.defaultSql(), oid)
              || domain.checks().stream().anyMatch(check -> names(check.sql(), oid)))) {
        uses.add("type " + PgTypes.byOid(domain.id()).displayName());
      }
    }
    for (TableDescriptor table : scope.snapshot().tables()) {
      String of = " table " + scope.describedName(table.schemaId(), table.name());
      table.visibleColumns().stream()
          .filter(column -> isUnder(column.type(), oid) || names(column.defaultSql(), oid))
          .forEach(column -> uses.add("column " + column.name() + " of" + of));
      table.checks().stream()
          .filter(check -> names(check.sql(), oid))
          .forEach(check -> uses.add("constraint " + check.name() + " on" + of));
      table.indexes().stream()
          .filter(index -> index.terms().stream().anyMatch(sql -> names(sql, oid)))
          .forEach(
              index -> uses.add("index " + scope.describedName(table.schemaId(), index.name())));
    }
    for (ViewDescriptor view : scope.snapshot().views()) {
      if (names(view.sql(), oid)) {
        uses.add("view " + scope.describedName(view.schemaId(), view.name()));
      }
    }
    return uses;
  }

  private static boolean isUnder(SqlType type, int oid) {
    Collation collation = type.collation();
    return collation != null && collation.oid() == oid;
  }

  private static boolean names(@Nullable String sql, int oid) {
    return sql != null && sql.contains(text(oid));
  }

  void rename(RangeVar name, String newName) {
    CollationDescriptor old = lock(name);
    move(old, scope.schema(scope.schemaName(old.schemaId())), newName);
  }

  void setSchema(RangeVar name, String newSchema) {
    CollationDescriptor old = lock(name);
    SchemaDescriptor target = scope.schema(newSchema);
    scope.requireCreatable(target, old.name());
    if (target.id() != old.schemaId()) {
      move(old, target, old.name());
    }
  }

  private void move(CollationDescriptor old, SchemaDescriptor target, String newName) {
    if (scope.snapshot().collation(target.id(), newName) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_OBJECT,
          "collation \"" + newName + "\" already exists in schema \"" + target.name() + "\"");
    }
    scope.catalog().replace(old, old.moved(target.id(), newName, old.ownerId()));
  }

  String refresh(AlterCollationStmt statement) {
    CollationDescriptor old = lock(TypeStatements.nameOf(statement.getCollnameList()));
    String version = orderVersion(old.locale());
    if (Objects.equals(version, old.orderVersion())) {
      scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, "version has not changed");
    } else {
      scope
          .context()
          .notice(
              ErrorCode.SUCCESSFUL_COMPLETION,
              "changing version from " + old.orderVersion() + " to " + version);
      scope.catalog().replace(old, old.refreshed(version));
    }
    return "ALTER COLLATION";
  }
}
