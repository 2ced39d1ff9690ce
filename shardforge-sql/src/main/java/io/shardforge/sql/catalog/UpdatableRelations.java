package io.shardforge.sql.catalog;

import io.shardforge.sql.parse.SqlParser;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which relations of a snapshot can be inserted into, updated and deleted from. */
public final class UpdatableRelations {
  /** The bits by which PostgreSQL tells what can be done. */
  public static final int UPDATE = 1 << 2;

  public static final int INSERT = 1 << 3;
  public static final int DELETE = 1 << 4;
  private static final int ALL = UPDATE | INSERT | DELETE;

  private final CatalogSnapshot catalog;
  private final SqlParser parser;

  public UpdatableRelations(CatalogSnapshot catalog, SqlParser parser) {
    this.catalog = catalog;
    this.parser = parser;
  }

  /** What can be done with a relation; nothing if there is none. */
  public int events(int relationId) {
    return events(catalog.relation(relationId), null);
  }

  /** Whether the values of a column can be changed. */
  public boolean isUpdatable(int relationId, int columnNumber) {
    if (columnNumber <= 0) {
      return false;
    }
    int events = events(catalog.relation(relationId), Set.of(columnNumber));
    return (events & (UPDATE | DELETE)) == (UPDATE | DELETE);
  }

  /** What can be done with some columns of a relation, or, if that is null, with all. */
  private int events(@Nullable Object relation, @Nullable Set<Integer> wanted) {
    return switch (relation) {
      case TableDescriptor _ -> ALL;
      case ViewDescriptor view -> viewEvents(view, wanted);
      case null, default -> 0;
    };
  }

  private int viewEvents(ViewDescriptor view, @Nullable Set<Integer> wanted) {
    ViewForm form = form(view);
    if (form.obstacle() != null) {
      return 0;
    }
    Set<Integer> written = new HashSet<>();
    List<Integer> columns = form.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) > 0 && (wanted == null || wanted.contains(i + 1))) {
        written.add(columns.get(i));
      }
    }
    int own = written.isEmpty() ? DELETE : ALL;
    return own & events(catalog.relation(form.baseId()), written);
  }

  /** What a view is to who writes through it. */
  public ViewForm form(ViewDescriptor view) {
    return ViewForm.of(parser.parse(view.sql()).getFirst().node().getSelectStmt(), view, catalog);
  }

  /** Why rows written through a view cannot be judged by its conditions; null if they can. */
  public @Nullable String obstacleToCheck(ViewDescriptor view) {
    return form(view).obstacle(true);
  }
}
