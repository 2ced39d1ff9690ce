package io.shardforge.sql.bind;

import io.shardforge.sql.bind.Scope.SourceColumn;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.ReadColumn;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.parse.TreeEditor;
import io.shardforge.sql.parse.proto.A_Const;
import io.shardforge.sql.parse.proto.Alias;
import io.shardforge.sql.parse.proto.CollateClause;
import io.shardforge.sql.parse.proto.ColumnRef;
import io.shardforge.sql.parse.proto.FuncCall;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import io.shardforge.sql.parse.proto.ResTarget;
import io.shardforge.sql.parse.proto.TypeCast;
import io.shardforge.sql.parse.proto.TypeName;
import io.shardforge.sql.type.PgOid;
import io.shardforge.sql.type.PgType;
import io.shardforge.sql.type.PgTypes;
import io.shardforge.sql.type.TypeScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the binder found the names of a new view's query to mean, to write it so that they will mean
 * that for ever: relations by identity, stars as the columns that they stand for now.
 */
final class ViewTrace {
  /** A place where a relation is read. */
  private record Place(int number, String alias, int relationId, List<SourceColumn> columns) {}

  /** A column of a relation, whoever reads it. */
  private record Used(int relationId, int columnNumber) {}

  /** Functions of which the first argument names a sequence. */
  private static final Set<String> OF_SEQUENCES = Set.of("nextval", "currval", "setval");

  private final BindContext context;
  private final IdentityHashMap<RangeVar, Place> places = new IdentityHashMap<>();
  private final List<Place> inOrder = new ArrayList<>();
  private final IdentityHashMap<ColumnRef, List<Node>> stars = new IdentityHashMap<>();
  private final IdentityHashMap<CollateClause, Integer> collations = new IdentityHashMap<>();
  private final Set<Used> used = new HashSet<>();

  /** Relations that values of the query are. */
  private final Set<Integer> named = new LinkedHashSet<>();

  ViewTrace(BindContext context) {
    this.context = context;
  }

  void reads(RangeVar range, String alias, int relationId, List<SourceColumn> columns) {
    if (!places.containsKey(range)) {
      Place place = new Place(inOrder.size(), alias, relationId, columns);
      places.put(range, place);
      inOrder.add(place);
    }
  }

  /** Notes a collation that a statement made. */
  void uses(CollateClause clause, int oid) {
    collations.put(clause, oid);
  }

  void uses(SourceColumn column) {
    if (column.tableId() != 0) {
      used.add(new Used(column.tableId(), column.columnNumber()));
    }
  }

  /** Notes what a star stands for: columns by name, with the name of their FROM item if any. */
  void expands(ColumnRef star, @Nullable String qualifier, SourceColumn column) {
    uses(column);
    ColumnRef.Builder name = ColumnRef.newBuilder();
    if (qualifier != null) {
      name.addFields(string(qualifier));
    }
    name.addFields(string(column.name()));
    stars
        .computeIfAbsent(star, _ -> new ArrayList<>())
        .add(
            Node.newBuilder()
                .setResTarget(ResTarget.newBuilder().setVal(Node.newBuilder().setColumnRef(name)))
                .build());
  }

  private static Node string(String text) {
    return Node.newBuilder()
        .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(text))
        .build();
  }

  List<Reading> readings() {
    List<Reading> readings = new ArrayList<>();
    for (Place place : inOrder) {
      List<ReadColumn> columns = new ArrayList<>();
      for (SourceColumn c : place.columns) {
        if (!c.hidden()) {
          columns.add(
              new ReadColumn(
                  c.columnNumber(),
                  c.name(),
                  used.contains(new Used(place.relationId, c.columnNumber()))));
        }
      }
      readings.add(new Reading(place.relationId, columns));
    }
    named.forEach(relation -> readings.add(new Reading(relation, List.of())));
    return readings;
  }

  /** The query with what it names written out. */
  Node written(Node query) {
    return TreeEditor.edit(query, this::instead, ViewTrace::byNumber);
  }

  /** The name of a type that a statement made, by its OID. */
  private static TypeName byNumber(TypeName name) {
    List<String> parts = Names.strings(name.getNamesList());
    PgType type =
        parts.isEmpty() || parts.size() > 2
            ? null
            : PgTypes.named(parts.size() == 1 ? null : parts.getFirst(), parts.getLast());
    return type == null || !type.isUserDefined()
        ? name
        : name.toBuilder()
            .clearNames()
            .addNames(string(TypeScope.BY_OID))
            .addNames(string(Integer.toString(type.oid())))
            .build();
  }

  private @Nullable List<Node> instead(Node node) {
    if (node.hasRangeVar()) {
      Place place = places.get(node.getRangeVar());
      return place == null ? null : List.of(byNumber(place));
    }
    if (node.hasCollateClause()) {
      CollateClause clause = node.getCollateClause();
      Integer oid = collations.get(clause);
      return oid == null
          ? null
          : List.of(
              Node.newBuilder()
                  .setCollateClause(
                      clause.toBuilder()
                          .setArg(written(clause.getArg()))
                          .clearCollname()
                          .addCollname(string(TypeScope.BY_OID))
                          .addCollname(string(Integer.toString(oid))))
                  .build());
    }
    if (node.hasTypeCast() && isRelation(node.getTypeCast())) {
      Node relation = relation(node.getTypeCast().getArg().getAConst());
      return relation == null ? null : List.of(relation);
    }
    if (node.hasFuncCall()) {
      FuncCall call = node.getFuncCall();
      boolean ofSequence =
          OF_SEQUENCES.contains(Names.last(call.getFuncnameList())) && call.getArgsCount() > 0;
      Node sequence = ofSequence ? relation(call.getArgs(0).getAConst()) : null;
      return sequence == null
          ? null
          : List.of(
              written(
                  Node.newBuilder().setFuncCall(call.toBuilder().setArgs(0, sequence)).build()));
    }
    if (node.hasResTarget() && node.getResTarget().getVal().hasColumnRef()) {
      return stars.get(node.getResTarget().getVal().getColumnRef());
    }
    return null;
  }

  private static boolean isRelation(TypeCast cast) {
    return Names.last(cast.getTypeName().getNamesList()).equals("regclass")
        && cast.getTypeName().getArrayBoundsCount() == 0;
  }

  /** The constant for a relation that text names, by its OID; null for names of the system's. */
  private @Nullable Node relation(A_Const name) {
    if (!name.hasSval()) {
      return null;
    }
    String text = name.getSval().getSval();
    Object oid = PgTypes.byOid(PgOid.REGCLASS).parse(text, -1, context.typeContext());
    int relation = (int) (long) (Long) oid;
    if (relation < SystemOids.FIRST_USER_OID) {
      return null;
    }
    if (context.catalog().relation(relation) != null) {
      named.add(relation);
    }
    A_Const number =
        A_Const.newBuilder()
            .setSval(
                io.shardforge.sql.parse.proto.String.newBuilder()
                    .setSval(Integer.toString(relation)))
            .build();
    return Node.newBuilder()
        .setTypeCast(
            TypeCast.newBuilder()
                .setArg(Node.newBuilder().setAConst(number))
                .setTypeName(
                    TypeName.newBuilder().addNames(string("regclass")).setTypemod(-1).build()))
        .build();
  }

  private static Node byNumber(Place place) {
    return Node.newBuilder()
        .setRangeVar(
            RangeVar.newBuilder()
                .setSchemaname(ViewDescriptor.READING)
                .setRelname(Integer.toString(place.number))
                .setInh(true)
                .setRelpersistence("p")
                .setAlias(Alias.newBuilder().setAliasname(place.alias)))
        .build();
  }
}
