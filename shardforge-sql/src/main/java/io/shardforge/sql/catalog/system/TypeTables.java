package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DomainDescriptor;
import io.shardforge.sql.catalog.EnumDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TypeDescriptor;
import io.shardforge.sql.function.FunctionRegistry;
import io.shardforge.sql.function.PgCast;
import io.shardforge.sql.function.PgFunction;
import io.shardforge.sql.function.PgOperator;
import io.shardforge.sql.type.EnumLabel;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of pg_type, pg_proc, pg_operator and other tables whose content is built in. */
final class TypeTables {
  private static final int ARRAY_SUBSCRIPT_HANDLER = 6179;
  private static final int LANGUAGE_INTERNAL = 12;

  /** The input, output and modifier functions of types, which SQL cannot call, by OID. */
  private static final Map<Integer, IoFunction> IO_FUNCTIONS = loadIoFunctions();

  private TypeTables() {}

  private record IoFunction(
      int oid,
      String name,
      boolean strict,
      char volatility,
      int returnType,
      List<Long> argumentTypes) {}

  private static Map<Integer, IoFunction> loadIoFunctions() {
    Map<Integer, IoFunction> functions = new TreeMap<>();
    for (String[] f : PgTypes.resourceRows(TypeTables.class, "io_functions.tsv")) {
      IoFunction function =
          new IoFunction(
              Integer.parseInt(f[0]),
              f[1],
              f[2].equals("t"),
              f[3].charAt(0),
              Integer.parseInt(f[4]),
              Arrays.stream(f[5].split(" ", -1)).map(Long::valueOf).toList());
      functions.put(function.oid, function);
    }
    return functions;
  }

  /** The name of a function by OID, or null. */
  static @Nullable String functionName(long oid) {
    PgFunction function = FunctionRegistry.function((int) oid);
    if (function != null) {
      return function.name();
    }
    IoFunction io = IO_FUNCTIONS.get((int) oid);
    return io == null ? null : io.name;
  }

  /** The OID of an input, output or modifier function by name, or 0. */
  static int ioFunction(String name) {
    return IO_FUNCTIONS.values().stream()
        .filter(function -> function.name.equals(name))
        .map(IoFunction::oid)
        .findFirst()
        .orElse(0);
  }

  static Stream<@Nullable Object[]> types(SystemTable t, CatalogSnapshot snapshot) {
    return Stream.concat(
        PgTypes.all().stream()
            .map(type ->
                type(t, type, SystemOids.SCHEMA_PG_CATALOG, SystemOids.ROLE_POSTGRES).done()),
        snapshot.typeDescriptors().stream()
            .flatMap(made ->
                Stream.of(
                    made(t, snapshot, made).done(),
                    type(t, snapshot.types().get(made.arrayId()), made.schemaId(), made.ownerId())
                        .done())));
  }

  private static Cells made(SystemTable t, CatalogSnapshot snapshot, TypeDescriptor made) {
    Cells row =
        type(t, snapshot.types().get(made.id()), made.schemaId(), made.ownerId())
            .set("typacl", RelationTables.acl(snapshot, made.id()));
    if (made instanceof DomainDescriptor domain) {
      String stored = domain.defaultSql();
      String shown =
          stored == null ? null : new ObjectDefinitions(snapshot, List.of()).expression(stored);
      row.set("typbasetype", domain.base().oid())
          .set("typtypmod", domain.base().typmod())
          .set("typnotnull", domain.notNull())
          .set("typdefaultbin", shown)
          .set("typdefault", shown);
    }
    return row;
  }

  /** pg_enum: the values of enums, with their places in the order counted from 1. */
  static Stream<@Nullable Object[]> enumValues(SystemTable t, CatalogSnapshot snapshot) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (TypeDescriptor type : snapshot.typeDescriptors()) {
      if (type instanceof EnumDescriptor made) {
        for (int i = 0; i < made.labels().size(); i++) {
          EnumLabel label = made.labels().get(i);
          rows.add(
              t.row()
                  .set("oid", label.oid())
                  .set("enumtypid", made.id())
                  .set("enumsortorder", (Object) (i + 1.0))
                  .set("enumlabel", label.text())
                  .done());
        }
      }
    }
    return rows.stream();
  }

  private static Cells type(SystemTable t, PgType type, int schemaId, int ownerId) {
    PgType.Row r = type.row();
    return t.row()
        .set("oid", r.oid())
        .set("typname", r.name())
        .set("typnamespace", schemaId)
        .set("typowner", ownerId)
        .set("typlen", r.length())
        .set("typbyval", r.byValue())
        .set("typtype", r.kind())
        .set("typcategory", r.category())
        .set("typispreferred", r.preferred())
        .set("typisdefined", true)
        .set("typdelim", r.delimiter())
        .set("typsubscript", r.category() == 'A' ? ARRAY_SUBSCRIPT_HANDLER : 0)
        .set("typelem", r.elementOid())
        .set("typarray", r.arrayOid())
        .set("typinput", r.inputOid())
        .set("typoutput", r.outputOid())
        .set("typreceive", r.receiveOid())
        .set("typsend", r.sendOid())
        .set("typmodin", r.typmodInOid())
        .set("typmodout", r.typmodOutOid())
        .set("typalign", r.alignment())
        .set("typstorage", r.storage())
        .set("typtypmod", -1)
        .set("typcollation", r.collationOid());
  }

  static Stream<@Nullable Object[]> functions(SystemTable t) {
    return Stream.concat(
        FunctionRegistry.allFunctions().stream().map(f -> function(t, f)),
        IO_FUNCTIONS.values().stream()
            .filter(f -> FunctionRegistry.function(f.oid) == null)
            .map(f -> function(t, f)));
  }

  private static @Nullable Object[] function(SystemTable t, IoFunction f) {
    return t.row()
        .set("oid", f.oid)
        .set("proname", f.name)
        .set("pronamespace", SystemOids.SCHEMA_PG_CATALOG)
        .set("proowner", SystemOids.ROLE_POSTGRES)
        .set("prolang", LANGUAGE_INTERNAL)
        .set("procost", (Object) 1.0)
        .set("prorows", (Object) 0.0)
        .set("prokind", 'f')
        .set("proisstrict", f.strict)
        .set("provolatile", f.volatility)
        .set("proparallel", 's')
        .set("pronargs", f.argumentTypes.size())
        .set("prorettype", f.returnType)
        .set(
            "proargtypes",
            Cells.vector(PgOid.OID, f.argumentTypes.stream().mapToLong(Long::longValue).toArray()))
        .set("prosrc", f.name)
        .done();
  }

  private static @Nullable Object[] function(SystemTable t, PgFunction f) {
    boolean own = f.name().startsWith(PgFunction.OWN_SCHEMA);
    Cells row =
        t.row()
            .set("oid", f.oid())
            .set("proname", own ? f.name().substring(PgFunction.OWN_SCHEMA.length()) : f.name())
            .set("pronamespace", own ? SystemOids.SCHEMA_SHARDFORGE : SystemOids.SCHEMA_PG_CATALOG)
            .set("proowner", SystemOids.ROLE_POSTGRES)
            .set("prolang", LANGUAGE_INTERNAL)
            .set("procost", (Object) 1.0)
            .set("prorows", (Object) (f.returnsSet() ? 1000.0 : 0.0))
            .set("provariadic", f.variadicElement())
            .set("prokind", f.kind())
            .set("proisstrict", f.strict())
            .set("proretset", f.returnsSet())
            .set("provolatile", f.volatility())
            .set("proparallel", 's')
            .set("pronargs", f.argumentTypes().size())
            .set("pronargdefaults", f.defaultCount())
            .set("prorettype", f.returnType())
            .set(
                "proargtypes",
                Cells.vector(
                    PgOid.OID, f.argumentTypes().stream().mapToLong(Integer::longValue).toArray()))
            .set("prosrc", f.source());
    if (!f.allArgumentTypes().isEmpty()) {
      row.set("proallargtypes", Cells.numbers(PgOid.OID, f.allArgumentTypes()));
    }
    if (!f.argumentModes().isEmpty()) {
      row.set(
          "proargmodes",
          Cells.array(
              PgOid.CHAR, f.argumentModes().chars().mapToObj(Character::toString).toList()));
    }
    if (!f.argumentNames().isEmpty()) {
      row.set("proargnames", Cells.array(PgOid.TEXT, f.argumentNames()));
    }
    if (f.defaultCount() > 0) {
      row.set("proargdefaults", f.defaults());
    }
    return row.done();
  }

  static Stream<@Nullable Object[]> aggregates(SystemTable t) {
    return FunctionRegistry.allFunctions().stream()
        .filter(PgFunction::isAggregate)
        .map(f ->
            t.row()
                .set("aggfnoid", f.oid())
                .set("aggkind", f.aggregateKind())
                .set("aggnumdirectargs", f.directArguments())
                .done());
  }

  static Stream<@Nullable Object[]> operators(SystemTable t) {
    return FunctionRegistry.allOperators().stream().map(o -> operator(t, o));
  }

  private static @Nullable Object[] operator(SystemTable t, PgOperator o) {
    return t.row()
        .set("oid", o.oid())
        .set("oprname", o.name())
        .set("oprnamespace", SystemOids.SCHEMA_PG_CATALOG)
        .set("oprowner", SystemOids.ROLE_POSTGRES)
        .set("oprkind", o.leftType() == 0 ? 'l' : 'b')
        .set("oprcanmerge", o.canMerge())
        .set("oprcanhash", o.canHash())
        .set("oprleft", o.leftType())
        .set("oprright", o.rightType())
        .set("oprresult", o.resultType())
        .set("oprcom", o.commutatorOid())
        .set("oprnegate", o.negatorOid())
        .set("oprcode", o.functionOid())
        .done();
  }

  static Stream<@Nullable Object[]> casts(SystemTable t) {
    return FunctionRegistry.allCasts().stream().map(c -> cast(t, c));
  }

  private static @Nullable Object[] cast(SystemTable t, PgCast c) {
    return t.row()
        .set("oid", c.oid())
        .set("castsource", c.sourceType())
        .set("casttarget", c.targetType())
        .set("castfunc", c.functionOid())
        .set("castcontext", c.context())
        .set("castmethod", c.method())
        .done();
  }

  static Stream<@Nullable Object[]> operatorClasses(SystemTable t) {
    return OperatorClasses.ALL.stream()
        .map(c ->
            t.row()
                .set("oid", c.oid())
                .set("opcmethod", c.method())
                .set("opcname", c.name())
                .set("opcnamespace", SystemOids.SCHEMA_PG_CATALOG)
                .set("opcowner", SystemOids.ROLE_POSTGRES)
                .set("opcfamily", c.familyOid())
                .set("opcintype", c.type())
                .set("opcdefault", c.main())
                .set("opckeytype", c.keyType())
                .done());
  }

  static Stream<@Nullable Object[]> operatorFamilies(SystemTable t) {
    Map<Integer, OperatorClasses.OperatorClass> families = new TreeMap<>();
    OperatorClasses.ALL.forEach(c -> families.put(c.familyOid(), c));
    return families.entrySet().stream()
        .map(f ->
            t.row()
                .set("oid", (int) f.getKey())
                .set("opfmethod", f.getValue().method())
                .set("opfname", f.getValue().familyName())
                .set("opfnamespace", SystemOids.SCHEMA_PG_CATALOG)
                .set("opfowner", SystemOids.ROLE_POSTGRES)
                .done());
  }

  static Stream<@Nullable Object[]> accessMethods(SystemTable t) {
    return Stream.of(
        t.row()
            .set("oid", SystemOids.ACCESS_METHOD_HEAP)
            .set("amname", "heap")
            .set("amtype", 't')
            .done(),
        t.row()
            .set("oid", SystemOids.ACCESS_METHOD_BTREE)
            .set("amname", "btree")
            .set("amtype", 'i')
            .done(),
        t.row()
            .set("oid", SystemOids.ACCESS_METHOD_GIN)
            .set("amname", "gin")
            .set("amtype", 'i')
            .done());
  }

  static Stream<@Nullable Object[]> languages(SystemTable t) {
    return Stream.ofNullable(
        t.row()
            .set("oid", LANGUAGE_INTERNAL)
            .set("lanname", "internal")
            .set("lanowner", SystemOids.ROLE_POSTGRES)
            .done());
  }
}
