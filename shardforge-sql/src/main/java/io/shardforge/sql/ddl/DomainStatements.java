package io.shardforge.sql.ddl;

import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.SchemaDescriptor;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TableDescriptor.CheckDescriptor;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.parse.proto.AlterDomainStmt;
import io.shardforge.sql.parse.proto.Constraint;
import io.shardforge.sql.parse.proto.CreateDomainStmt;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.SqlType;
import io.shardforge.sql.type.Text;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CREATE DOMAIN and ALTER DOMAIN. */
final class DomainStatements {
  /** What {@link ExpressionText} calls the condition of a domain. */
  static final String CONSTRAINT = "domain constraint";

  private final DdlScope scope;
  private final Definitions definitions;

  DomainStatements(DdlScope scope) {
    this.scope = scope;
    this.definitions = new Definitions(scope);
  }

  // ---- CREATE DOMAIN ----

  String create(CreateDomainStmt statement) {
    RangeVar name = TypeStatements.nameOf(statement.getDomainnameList());
    SchemaDescriptor schema = new TypeStatements(scope).creationSchema(name);
    SqlType base =
        CollationStatements.collated(
            ColumnTypes.resolve(statement.getTypeName(), scope.context()),
            statement.hasCollClause() ? statement.getCollClause() : null,
            scope.context());
    PgType baseType = PgTypes.byOid(base.oid());
    if (baseType.isPseudo()) {
      throw DdlErrors.of(
          ErrorCode.DATATYPE_MISMATCH,
          "\"" + baseType.name() + "\" is not a valid base type for a domain");
    }
    Draft draft = new Draft(name.getRelname(), base);
    for (Node node : statement.getConstraintsList()) {
      draft.add(node.getConstraint());
    }
    int arrayId = scope.catalog().newId();
    scope
        .catalog()
        .create(
            new DomainDescriptor(
                scope.catalog().newId(),
                1,
                schema.id(),
                name.getRelname(),
                scope.context().currentRole(),
                arrayId,
                base,
                Boolean.TRUE.equals(draft.notNull),
                draft.defaultSql,
                draft.checks));
    return "CREATE DOMAIN";
  }

  /** The rules of a new domain. */
  private final class Draft {
    private final String name;
    private final SqlType base;
    private final List<CheckDescriptor> checks = new ArrayList<>();
    private @Nullable Boolean notNull;
    private @Nullable String defaultSql;
    private boolean sawDefault;

    Draft(String name, SqlType base) {
      this.name = name;
      this.base = base;
    }

    void add(Constraint constraint) {
      switch (constraint.getContype()) {
        case CONSTR_DEFAULT -> {
          if (sawDefault) {
            throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "multiple default expressions");
          }
          sawDefault = true;
          defaultSql = definitions.defaultText(constraint.getRawExpr(), base);
        }
        case CONSTR_NOTNULL, CONSTR_NULL -> {
          boolean wanted = constraint.getContype().name().equals("CONSTR_NOTNULL");
          if (notNull != null && notNull != wanted) {
            throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, "conflicting NULL/NOT NULL constraints");
          }
          notNull = wanted;
        }
        default -> checks.add(check(constraint, name, base, checks));
      }
    }
  }

  private CheckDescriptor check(
      Constraint constraint, String domain, SqlType base, List<CheckDescriptor> others) {
    String kind =
        switch (constraint.getContype()) {
          case CONSTR_CHECK -> "";
          case CONSTR_UNIQUE -> "unique";
          case CONSTR_PRIMARY -> "primary key";
          case CONSTR_EXCLUSION -> "exclusion";
          case CONSTR_FOREIGN -> "foreign key";
          default -> throw DdlErrors.unsupported("specifying constraint deferrability for domains");
        };
    if (!kind.isEmpty()) {
      throw DdlErrors.of(ErrorCode.SYNTAX_ERROR, kind + " constraints not possible for domains");
    }
    if (constraint.getIsNoInherit()) {
      throw DdlErrors.of(
          ErrorCode.INVALID_OBJECT_DEFINITION,
          "check constraints for domains cannot be marked NO INHERIT");
    }
    String name = constraint.getConname();
    if (named(others, name) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_OBJECT,
          "constraint \"" + name + "\" for domain \"" + domain + "\" already exists");
    }
    for (int i = 0; name.isEmpty(); i++) {
      String candidate = RelationNames.compose(domain, null, i == 0 ? "check" : "check" + i);
      name = named(others, candidate) == null ? candidate : "";
    }
    String sql =
        new ExpressionText(scope.context(), CONSTRAINT, scope::relationOid)
            .write(constraint.getRawExpr());
    ColumnDescriptor value =
        new ColumnDescriptor(
            1, DomainDescriptor.VALUE, PgTypes.base(base), false, null, '\0', 0, false);
    var _ = definitions.bindCheck(constraint.getRawExpr(), List.of(value));
    return new CheckDescriptor(scope.catalog().newId(), name, sql, true);
  }

  private static @Nullable CheckDescriptor named(List<CheckDescriptor> checks, String name) {
    for (CheckDescriptor check : checks) {
      if (check.name().equals(name)) {
        return check;
      }
    }
    return null;
  }

  // ---- ALTER DOMAIN ----

  /** The newest version of a domain that the role owns, locked. */
  DomainDescriptor lock(RangeVar name) {
    PgType known = TypeStatements.find(scope, name);
    if (known != null && !known.isDomain()) {
      throw notADomain(known.displayName());
    }
    if (new TypeStatements(scope).lock(name) instanceof DomainDescriptor found) {
      return found;
    }
    throw notADomain(DdlScope.written(name));
  }

  static ShardForgeException notADomain(String name) {
    return DdlErrors.of(ErrorCode.WRONG_OBJECT_TYPE, name + " is not a domain");
  }

  String alter(AlterDomainStmt statement) {
    DomainDescriptor old = lock(TypeStatements.nameOf(statement.getTypeNameList()));
    switch (statement.getSubtype()) {
      case "T" -> {
        String sql =
            statement.hasDef() ? definitions.defaultText(statement.getDef(), old.base()) : null;
        replace(old, old.notNull(), sql, old.checks());
      }
      case "N" -> replace(old, false, old.defaultSql(), old.checks());
      case "O" -> {
        if (!old.notNull()) {
          requireValues(old, null);
          replace(old, true, old.defaultSql(), old.checks());
        }
      }
      case "C" -> addConstraint(old, statement.getDef().getConstraint());
      case "X" -> dropConstraint(old, statement);
      case "V" -> {
        if (named(old.checks(), statement.getName()) == null) {
          throw undefined(old, statement.getName());
        }
      }
      default -> throw DdlErrors.unsupported("ALTER DOMAIN");
    }
    return "ALTER DOMAIN";
  }

  private void replace(
      DomainDescriptor old,
      boolean notNull,
      @Nullable String defaultSql,
      List<CheckDescriptor> checks) {
    scope.catalog().replace(old, old.with(notNull, defaultSql, checks));
  }

  private void addConstraint(DomainDescriptor old, Constraint constraint) {
    if (constraint.getSkipValidation()) {
      throw DdlErrors.unsupported("NOT VALID constraint of a domain");
    }
    CheckDescriptor check = check(constraint, old.name(), old.base(), old.checks());
    requireValues(old, check);
    List<CheckDescriptor> checks = new ArrayList<>(old.checks());
    checks.add(check);
    replace(old, old.notNull(), old.defaultSql(), checks);
  }

  private void dropConstraint(DomainDescriptor old, AlterDomainStmt statement) {
    CheckDescriptor check = named(old.checks(), statement.getName());
    if (check == null) {
      ShardForgeException error = undefined(old, statement.getName());
      if (!statement.getMissingOk()) {
        throw error;
      }
      scope.context().notice(ErrorCode.SUCCESSFUL_COMPLETION, error.message() + ", skipping");
      return;
    }
    scope.forgetAttachments(check.oid());
    replace(
        old,
        old.notNull(),
        old.defaultSql(),
        old.checks().stream().filter(other -> other.oid() != check.oid()).toList());
  }

  void renameConstraint(RangeVar domain, String name, String newName) {
    DomainDescriptor old = lock(domain);
    if (named(old.checks(), name) == null) {
      throw missing(old, name);
    }
    if (named(old.checks(), newName) != null) {
      throw DdlErrors.of(
          ErrorCode.DUPLICATE_OBJECT,
          "constraint \"" + newName + "\" for domain " + old.name() + " already exists");
    }
    replace(
        old,
        old.notNull(),
        old.defaultSql(),
        old.checks().stream()
            .map(check -> check.name().equals(name) ? check.withName(newName) : check)
            .toList());
  }

  /** The OID of a domain's constraint, for comments. */
  int constraintId(RangeVar domain, String name) {
    DomainDescriptor old = lock(domain);
    CheckDescriptor check = named(old.checks(), name);
    if (check == null) {
      throw missing(old, name);
    }
    return check.oid();
  }

  private static ShardForgeException missing(DomainDescriptor domain, String name) {
    return DdlErrors.of(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" for domain " + domain.name() + " does not exist");
  }

  private static ShardForgeException undefined(DomainDescriptor domain, String name) {
    return DdlErrors.of(
        ErrorCode.UNDEFINED_OBJECT,
        "constraint \"" + name + "\" of domain \"" + domain.name() + "\" does not exist");
  }

  // ---- rows that are there ----

  /**
   * Refuses a new rule that stored values do not keep: a check, or NOT NULL. The tables get new
   * versions, so that nothing planned without the rule writes to them.
   */
  private void requireValues(DomainDescriptor domain, @Nullable CheckDescriptor check) {
    scope.seeNewest();
    for (TableDescriptor table : scope.snapshot().tables()) {
      requireNoArrays(table, domain);
    }
    for (TableDescriptor known : List.copyOf(scope.snapshot().tables())) {
      if (known.columns().stream().noneMatch(column -> isOver(column.type().oid(), domain))) {
        continue;
      }
      TableDescriptor table = scope.lockForUse(known);
      scope.replace(table, new TableDraft(table).build());
      scope.seeNewest(table);
      for (ColumnDescriptor column : table.visibleColumns()) {
        if (isOver(column.type().oid(), domain)) {
          requireValues(table, column, check);
        }
      }
    }
  }

  private void requireNoArrays(TableDescriptor table, DomainDescriptor domain) {
    for (ColumnDescriptor column : table.visibleColumns()) {
      PgType type = PgTypes.byOid(column.type().oid());
      if (type.isArray() && isOver(type.oid(), domain)) {
        throw DdlErrors.of(
            ErrorCode.FEATURE_NOT_SUPPORTED,
            "cannot alter type \""
                + PgTypes.byOid(type.elementOid()).name()
                + "\" because column \""
                + table.name()
                + "."
                + column.name()
                + "\" uses it");
      }
    }
  }

  /** Whether a type is the domain, over it, or made of arrays of it. */
  private boolean isOver(int typeOid, DomainDescriptor domain) {
    int oid = typeOid;
    while (oid != domain.id()) {
      PgType type = PgTypes.byOid(oid);
      if (!type.isUserDefined()) {
        return false;
      }
      TypeDescriptor made = scope.snapshot().typeDescriptor(oid);
      if (made instanceof DomainDescriptor over) {
        oid = over.base().oid();
      } else if (type.isArray()) {
        oid = type.elementOid();
      } else {
        return false;
      }
    }
    return true;
  }

  private void requireValues(
      TableDescriptor table, ColumnDescriptor column, @Nullable CheckDescriptor check) {
    String condition =
        check == null
            ? Text.quoteIdentifier(column.name()) + " IS NULL"
            : "NOT " + definitions.domainCheck(check.sql(), column.name());
    String from =
        Text.quoteIdentifier(scope.schemaName(table.schemaId()))
            + "."
            + Text.quoteIdentifier(table.name());
    String query = "SELECT 1 FROM " + from + " WHERE " + condition + " LIMIT 1";
    try (QuerySource.Rows rows = scope.context().ownQuery(query)) {
      if (rows.next() != null) {
        String where =
            "column \"" + column.name() + "\" of table \"" + table.name() + "\" contains ";
        ShardForgeException error =
            check == null
                ? DdlErrors.of(ErrorCode.NOT_NULL_VIOLATION, where + "null values")
                : DdlErrors.of(
                    ErrorCode.CHECK_VIOLATION, where + "values that violate the new constraint");
        throw error
            .withTable(scope.schemaName(table.schemaId()), table.name())
            .withColumn(column.name());
      }
    }
  }
}
