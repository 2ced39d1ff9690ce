package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.expr.NullArguments;
import io.shardforge.sql.function.SizeFunctions.Part;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that look things up in the catalog: visibility, definitions, privileges, sizes. */
final class CatalogLookups {
  private CatalogLookups() {}

  private static @Nullable String view(EvalContext c, String name, boolean pretty) {
    long oid = (Long) PgTypes.byOid(PgOid.REGCLASS).parse(name, -1, c.typeContext());
    return catalog(c).viewDefinition(oid, pretty);
  }

  static CatalogFunctions catalog(EvalContext context) {
    return context.services().get(CatalogFunctions.class);
  }

  static void register(FunctionTable t) {
    registerVisibility(t);
    registerDefinitions(t);
    registerPrivileges(t);
    registerSizes(t);
    registerNames(t);
  }

  private static void registerVisibility(FunctionTable t) {
    record Named(String source, String catalog) {}
    for (Named named :
        List.of(
            new Named("pg_table_is_visible", "pg_class"),
            new Named("pg_type_is_visible", "pg_type"),
            new Named("pg_function_is_visible", "pg_proc"),
            new Named("pg_operator_is_visible", "pg_operator"),
            new Named("pg_opclass_is_visible", "pg_opclass"),
            new Named("pg_opfamily_is_visible", "pg_opfamily"),
            new Named("pg_conversion_is_visible", "pg_conversion"),
            new Named("pg_collation_is_visible", "pg_collation"),
            new Named("pg_statistics_obj_is_visible", "pg_statistic_ext"),
            new Named("pg_ts_parser_is_visible", "pg_ts_parser"),
            new Named("pg_ts_dict_is_visible", "pg_ts_dict"),
            new Named("pg_ts_template_is_visible", "pg_ts_template"),
            new Named("pg_ts_config_is_visible", "pg_ts_config"))) {
      t.of(named.source, Long.class, (c, oid) -> catalog(c).isVisible(named.catalog, oid));
    }
    t.of("pg_relation_is_publishable", Long.class, (_, _) -> true);
  }

  private static void registerDefinitions(FunctionTable t) {
    Class<Long> n = Long.class;
    Class<String> s = String.class;
    Class<Boolean> b = Boolean.class;
    t.of("pg_get_expr", s, n, (c, tree, relation) -> catalog(c).expression(tree, relation, false));
    t.of(
        "pg_get_expr_ext",
        s,
        n,
        b,
        (c, tree, relation, pretty) -> catalog(c).expression(tree, relation, pretty));
    t.of("pg_get_indexdef", n, (c, oid) -> catalog(c).indexDefinition(oid, 0, false));
    t.of(
        "pg_get_indexdef_ext",
        n,
        n,
        b,
        (c, oid, column, pretty) -> catalog(c).indexDefinition(oid, (int) (long) column, pretty));
    t.of(
        "pg_indexam_has_property",
        n,
        s,
        (c, method, property) -> catalog(c).methodProperty(method, property));
    t.of(
        "pg_index_has_property",
        n,
        s,
        (c, index, property) -> catalog(c).indexProperty(index, 0, property));
    t.of(
        "pg_index_column_has_property",
        n,
        n,
        s,
        (c, index, column, property) ->
            column < 1 ? null : catalog(c).indexProperty(index, (int) (long) column, property));
    t.of("pg_get_constraintdef", n, (c, oid) -> catalog(c).constraintDefinition(oid, false));
    t.of(
        "pg_get_constraintdef_ext",
        n,
        b,
        (c, oid, pretty) -> catalog(c).constraintDefinition(oid, pretty));
    t.of("pg_get_viewdef", n, (c, oid) -> catalog(c).viewDefinition(oid, false));
    t.of("pg_get_viewdef_ext", n, b, (c, oid, pretty) -> catalog(c).viewDefinition(oid, pretty));
    t.of("pg_get_viewdef_name", s, (c, name) -> view(c, name, false));
    t.of("pg_get_viewdef_name_ext", s, b, CatalogLookups::view);
    t.of("pg_relation_is_updatable", n, b, (c, oid, _) -> (long) catalog(c).updatableEvents(oid));
    t.of(
        "pg_column_is_updatable",
        n,
        n,
        b,
        (c, oid, column, _) -> catalog(c).isUpdatable(oid, (int) (long) column));
    t.of(
        "pg_get_serial_sequence",
        s,
        s,
        (c, table, column) -> catalog(c).serialSequence(table, column));
    t.of("pg_sequence_last_value", n, (c, oid) -> lastValue(catalog(c).sequenceState(oid)));
    // Rules, triggers, partitions and SQL bodies do not exist, so neither do
    // definitions.
    for (String source :
        List.of(
            "pg_get_ruledef",
            "pg_get_triggerdef",
            "pg_get_partkeydef",
            "pg_get_partition_constraintdef",
            "pg_get_function_sqlbody",
            "pg_tablespace_location")) {
      t.of(source, n, (_, _) -> null);
    }
    for (String source : List.of("pg_get_ruledef_ext", "pg_get_triggerdef_ext")) {
      t.of(source, n, b, (_, _, _) -> null);
    }
    t.of("pg_get_statisticsobjdef", n, (c, oid) -> catalog(c).statisticsDefinition(oid));
    t.of("pg_get_statisticsobjdef_columns", n, (c, oid) -> catalog(c).statisticsColumns(oid));
    t.of("pg_get_userbyid", n, (c, oid) -> roleName(c, oid));
    t.of("pg_get_functiondef", n, (_, oid) -> functionDefinition(oid));
    t.of("pg_get_function_result", n, (_, oid) -> functionResult(oid));
    t.of("pg_get_function_arguments", n, (_, oid) -> functionArguments(oid, true));
    t.of("pg_get_function_identity_arguments", n, (_, oid) -> functionArguments(oid, false));
    t.of("obj_description(oid,name)", n, s, (c, oid, name) -> catalog(c).description(oid, name, 0));
    t.of("obj_description(oid)", n, (c, oid) -> catalog(c).description(oid, "", 0));
    t.of(
        "shobj_description(oid,name)",
        n,
        s,
        (c, oid, name) -> catalog(c).description(oid, name, 0));
    t.of(
        "col_description(oid,int4)",
        n,
        n,
        (c, oid, column) -> catalog(c).description(oid, "pg_class", (int) (long) column));
  }

  private static @Nullable Long lastValue(CatalogFunctions.@Nullable SequenceState state) {
    return state == null || !state.called() ? null : (Long) state.last();
  }

  private static String roleName(EvalContext context, long oid) {
    String name = catalog(context).roleName(oid);
    return name == null ? "unknown (OID=" + oid + ")" : name;
  }

  private static @Nullable String functionResult(long oid) {
    PgFunction function = FunctionRegistry.function((int) oid);
    if (function == null) {
      return null;
    }
    String type = io.shardforge.sql.type.TypeNames.format(function.returnType(), -1);
    return function.returnsSet() ? "SETOF " + type : type;
  }

  /** The CREATE FUNCTION of a built-in function. */
  private static @Nullable String functionDefinition(long oid) {
    PgFunction function = FunctionRegistry.function((int) oid);
    if (function == null) {
      return null;
    }
    if (function.isAggregate()) {
      throw TypeErrors.of(
          ErrorCode.WRONG_OBJECT_TYPE, "\"" + function.name() + "\" is an aggregate function");
    }
    String volatility =
        switch (function.volatility()) {
          case 'i' -> " IMMUTABLE";
          case 's' -> " STABLE";
          default -> "";
        };
    return "CREATE OR REPLACE FUNCTION pg_catalog."
        + function.name()
        + "("
        + functionArguments(oid, true)
        + ")\n RETURNS "
        + functionResult(oid)
        + "\n LANGUAGE internal\n"
        + (function.kind() == 'w' ? " WINDOW" : "")
        + volatility
        + " PARALLEL SAFE"
        + (function.strict() ? " STRICT" : "")
        + "\nAS $function$"
        + function.source()
        + "$function$\n";
  }

  private static @Nullable String functionArguments(long oid, boolean withDefaults) {
    PgFunction function = FunctionRegistry.function((int) oid);
    if (function == null) {
      return null;
    }
    String[] defaults = function.defaults().split(", ", -1);
    int firstDefault = function.argumentTypes().size() - function.defaultCount();
    int ordered = function.aggregateKind() == 'o' ? function.directArguments() : -1;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < function.argumentTypes().size(); i++) {
      out.append(i > 0 ? i == ordered ? " ORDER BY " : ", " : ordered == 0 ? "ORDER BY " : "");
      if (function.isVariadic() && i == function.argumentTypes().size() - 1) {
        out.append("VARIADIC ");
      }
      if (i < function.argumentNames().size() && !function.argumentNames().get(i).isEmpty()) {
        out.append(function.argumentNames().get(i)).append(' ');
      }
      out.append(io.shardforge.sql.type.TypeNames.format(function.argumentTypes().get(i), -1));
      if (withDefaults && i >= firstDefault) {
        out.append(" DEFAULT ").append(defaults[i - firstDefault]);
      }
    }
    if (function.aggregateKind() == 'h') {
      // What is ordered is as many values as stand ahead of it.
      return out + " ORDER BY " + out;
    }
    return out.toString();
  }

  private static void registerPrivileges(FunctionTable t) {
    for (String kind :
        List.of(
            "table",
            "schema",
            "database",
            "function",
            "sequence",
            "type",
            "language",
            "tablespace")) {
      String prefix = "has_" + kind + "_privilege_";
      for (String object : List.of("id", "name")) {
        t.any(prefix + object, (c, in) -> privilege(c, kind, null, in[0], null, in[1]));
        for (String role : List.of("id", "name")) {
          t.any(
              prefix + role + "_" + object,
              (c, in) -> privilege(c, kind, in[0], in[1], null, in[2]));
        }
      }
    }
    for (String object : List.of("id", "name")) {
      for (String column : List.of("attnum", "name")) {
        t.any(
            "has_column_privilege_" + object + "_" + column,
            (c, in) -> privilege(c, "column", null, in[0], in[1], in[2]));
        for (String role : List.of("id", "name")) {
          t.any(
              "has_column_privilege_" + role + "_" + object + "_" + column,
              (c, in) -> privilege(c, "column", in[0], in[1], in[2], in[3]));
        }
      }
      t.any(
          "has_any_column_privilege_" + object,
          (c, in) -> privilege(c, "any_column", null, in[0], null, in[1]));
      t.any(
          "pg_has_role_" + object,
          (c, in) -> catalog(c).hasRole(null, NullArguments.at(in, 0), text(in, 1)));
      for (String role : List.of("id", "name")) {
        t.any(
            "has_any_column_privilege_" + role + "_" + object,
            (c, in) -> privilege(c, "any_column", in[0], in[1], null, in[2]));
        t.any(
            "pg_has_role_" + role + "_" + object,
            (c, in) -> catalog(c).hasRole(in[0], NullArguments.at(in, 1), text(in, 2)));
      }
    }
  }

  private static String text(@Nullable Object[] in, int index) {
    return (String) NullArguments.at(in, index);
  }

  private static @Nullable Boolean privilege(
      EvalContext context,
      String kind,
      @Nullable Object role,
      @Nullable Object object,
      @Nullable Object column,
      @Nullable Object privilege) {
    return privilege == null
        ? null
        : catalog(context).hasPrivilege(kind, role, object, column, (String) privilege);
  }

  private static SizeFunctions sizes(EvalContext context) {
    return context.services().get(SizeFunctions.class);
  }

  private static void registerSizes(FunctionTable t) {
    Class<Long> n = Long.class;
    Class<String> s = String.class;
    t.of("pg_relation_size", n, s, (c, oid, fork) -> forkSize(c, oid, fork));
    t.of("pg_relation_size(regclass)", n, (c, oid) -> sizes(c).relation(oid, Part.OWN));
    t.of("pg_table_size", n, (c, oid) -> sizes(c).relation(oid, Part.OWN));
    t.of("pg_total_relation_size", n, (c, oid) -> sizes(c).relation(oid, Part.ALL));
    t.of("pg_indexes_size", n, (c, oid) -> sizes(c).relation(oid, Part.INDEXES));
    t.of("pg_database_size_oid", n, (c, oid) -> sizes(c).database(oid));
    t.of(
        "pg_database_size_name",
        s,
        (c, name) -> {
          Long oid = catalog(c).databaseOid(name);
          if (oid == null) {
            throw TypeErrors.of(
                ErrorCode.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist");
          }
          return sizes(c).database(oid);
        });
    t.of("pg_tablespace_size_oid", n, (c, oid) -> sizes(c).tablespace(oid));
    t.of(
        "pg_tablespace_size_name",
        s,
        (c, name) ->
            switch (name) {
              case "pg_default" -> sizes(c).tablespace(TABLESPACE_DEFAULT);
              case "pg_global" -> sizes(c).tablespace(TABLESPACE_GLOBAL);
              default ->
                  throw TypeErrors.of(
                      ErrorCode.UNDEFINED_OBJECT, "tablespace \"" + name + "\" does not exist");
            });
  }

  /** Only the main fork has bytes. */
  private static @Nullable Long forkSize(EvalContext context, long oid, String fork) {
    Long main = sizes(context).relation(oid, Part.OWN);
    return switch (fork) {
      case "main" -> main;
      case "fsm", "vm", "init" -> main == null ? null : (Long) 0L;
      default ->
          throw TypeErrors.invalidParameter("invalid fork name")
              .withHint("Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
    };
  }

  private static final int TABLESPACE_DEFAULT = 1663;
  private static final int TABLESPACE_GLOBAL = 1664;

  private static void registerNames(FunctionTable t) {
    record Named(String source, int oid) {}
    for (Named named :
        List.of(
            new Named("to_regclass", PgOid.REGCLASS),
            new Named("to_regtype", PgOid.REGTYPE),
            new Named("to_regproc", PgOid.REGPROC),
            new Named("to_regprocedure", PgOid.REGPROCEDURE),
            new Named("to_regoper", PgOid.REGOPER),
            new Named("to_regoperator", PgOid.REGOPERATOR),
            new Named("to_regrole", PgOid.REGROLE),
            new Named("to_regnamespace", PgOid.REGNAMESPACE),
            new Named("to_regcollation", PgOid.REGCOLLATION))) {
      t.of(named.source, String.class, (c, name) -> catalog(c).findObject(named.oid, name));
    }
  }
}
