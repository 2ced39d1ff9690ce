package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.ColumnDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor;
import io.shardforge.sql.catalog.ViewDescriptor.ReadColumn;
import io.shardforge.sql.catalog.ViewDescriptor.Reading;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.TreeEditor;
import io.shardforge.sql.parse.proto.Alias;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.RangeVar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the query of a view with the names that relations have now. Where columns have other names
 * than the query calls them by, the relation gets a list of column aliases.
 */
final class ViewWriter {
  private final SqlParser parser;
  private final CatalogSnapshot snapshot;
  private final ObjectDefinitions definitions;

  ViewWriter(SqlParser parser, CatalogSnapshot snapshot, ObjectDefinitions definitions) {
    this.parser = parser;
    this.snapshot = snapshot;
    this.definitions = definitions;
  }

  String write(ViewDescriptor view) {
    Node query = parser.parse(view.sql()).getFirst().node();
    Node named = TreeEditor.edit(query, node -> named(view, node));
    return definitions.expression(" " + parser.write(named) + ";");
  }

  private @Nullable List<Node> named(ViewDescriptor view, Node node) {
    if (!node.hasRangeVar() || !node.getRangeVar().getSchemaname().equals(ViewDescriptor.READING)) {
      return null;
    }
    RangeVar range = node.getRangeVar();
    Reading reading = view.readings().get(Integer.parseInt(range.getRelname()));
    Object relation = snapshot.relation(reading.relationId());
    if (relation == null) {
      return null;
    }
    String name = ObjectDefinitions.nameOf(relation);
    RangeVar.Builder shown = range.toBuilder().setRelname(name);
    if (definitions.isVisible(relation)) {
      shown.clearSchemaname();
    } else {
      shown.setSchemaname(definitions.schemaName(ObjectDefinitions.schemaOf(relation)));
    }
    List<ColumnDescriptor> columns = ObjectDefinitions.columnsOf(relation);
    String alias = range.getAlias().getAliasname();
    if (!sameNames(reading, columns)) {
      shown.setAlias(aliases(alias, reading, columns));
    } else if (alias.equals(name)) {
      shown.clearAlias();
    }
    return List.of(Node.newBuilder().setRangeVar(shown).build());
  }

  private static boolean sameNames(Reading reading, List<ColumnDescriptor> columns) {
    List<String> before = reading.columns().stream().map(ReadColumn::name).toList();
    return before.equals(columns.stream().map(ColumnDescriptor::name).toList());
  }

  private static Alias aliases(String alias, Reading reading, List<ColumnDescriptor> columns) {
    Alias.Builder aliases = Alias.newBuilder().setAliasname(alias);
    for (ColumnDescriptor column : columns) {
      String name = reading.nameOf(column.number());
      // One that was added later must not be taken for another one of its name.
      String shown = name == null ? "?column" + column.number() + "?" : name;
      aliases.addColnames(
          Node.newBuilder()
              .setString(io.shardforge.sql.parse.proto.String.newBuilder().setSval(shown)));
    }
    return aliases.build();
  }
}
