package io.shardforge.sql.catalog;

import io.shardforge.raft.txn.Txn;
import io.shardforge.storage.backup.BackupManifest;
import io.shardforge.storage.backup.BackupManifest.CatalogRow;
import io.shardforge.storage.backup.BackupManifest.Revision;
import io.shardforge.storage.backup.BackupManifest.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a backup has of the catalog as of its timestamp: the descriptors, and where the rows lie
 * that they are about.
 *
 * @param rows descriptors in their stored form; those of roles without what proves who one is,
 *     unless the backup is of the cluster
 * @param revisions with history: of the rows that have changed, all versions
 * @param spans of the tables that are to be in it, and of all sequences; with history also of those
 *     that were there meanwhile
 */
public record CatalogExport(List<CatalogRow> rows, List<Revision> revisions, List<Span> spans) {
  /** A sequence's value is in an index of this number. */
  private static final int SEQUENCE_INDEX = 1;

  /**
   * Reads it.
   *
   * @param databases their ids; empty for the cluster
   * @param tables their ids; empty for all
   */
  public static CatalogExport read(Txn txn, List<Integer> databases, List<Integer> tables) {
    List<CatalogRow> rows = new ArrayList<>();
    List<Span> spans = new ArrayList<>();
    Set<Integer> wanted = new HashSet<>(databases);
    for (CatalogObject object : CatalogRows.load(txn, CatalogRows.CLUSTER)) {
      if (object instanceof DatabaseDescriptor database && databases.isEmpty()) {
        wanted.add(database.id());
      }
      if (databases.isEmpty()) {
        rows.add(row(CatalogRows.CLUSTER, object));
      } else if (object instanceof RoleDescriptor role) {
        rows.add(row(CatalogRows.CLUSTER, withoutSecret(role)));
      } else if (isAbout(object, wanted)) {
        rows.add(row(CatalogRows.CLUSTER, object));
      }
    }
    for (int database : wanted.stream().sorted().toList()) {
      List<CatalogObject> objects = CatalogRows.load(txn, database);
      Set<Integer> temporary = new HashSet<>();
      for (CatalogObject object : objects) {
        if (object instanceof SchemaDescriptor s && TemporarySchema.is(s.name())) {
          temporary.add(s.id());
        }
      }
      for (CatalogObject object : objects) {
        if (temporary.contains(object.id()) || temporary.contains(schemaOf(object))) {
          continue;
        }
        rows.add(row(database, object));
        switch (object) {
          case TableDescriptor table when tables.isEmpty() || tables.contains(table.id()) ->
              spans.addAll(spansOf(table));
          case SequenceDescriptor sequence -> spans.add(spanOf(sequence));
          default -> {}
        }
      }
    }
    return new CatalogExport(rows, List.of(), spans);
  }

  /**
   * Reads it with all that it was from a timestamp on.
   *
   * @param txn reads the state of a time after that
   */
  public static CatalogExport read(
      Txn txn, List<Integer> databases, List<Integer> tables, long since) {
    CatalogExport last = read(txn, databases, tables);
    Set<Integer> wanted = new TreeSet<>(databases);
    List<Revision> revisions = new ArrayList<>();
    Set<Span> spans = new LinkedHashSet<>(last.spans);
    List<CatalogRows.Version> shared = new ArrayList<>();
    for (CatalogRows.Version version : CatalogRows.versions(txn, CatalogRows.CLUSTER, since)) {
      CatalogObject object = version.object();
      if (object instanceof DatabaseDescriptor database && databases.isEmpty()) {
        wanted.add(database.id());
      }
      if (databases.isEmpty() || object == null || isAbout(object, wanted)) {
        shared.add(version);
      } else if (object instanceof RoleDescriptor role) {
        shared.add(
            new CatalogRows.Version(version.timestamp(), version.key(), withoutSecret(role)));
      }
    }
    addRevisions(revisions, CatalogRows.CLUSTER, shared, since);
    for (int database : wanted) {
      List<CatalogRows.Version> versions = CatalogRows.versions(txn, database, since);
      Set<Integer> temporary = new HashSet<>();
      for (CatalogRows.Version version : versions) {
        if (version.object() instanceof SchemaDescriptor s && TemporarySchema.is(s.name())) {
          temporary.add(s.id());
        }
      }
      versions.removeIf(version -> {
        CatalogObject object = version.object();
        return object != null
            && (temporary.contains(object.id()) || temporary.contains(schemaOf(object)));
      });
      addRevisions(revisions, database, versions, since);
      for (CatalogRows.Version version : versions) {
        switch (version.object()) {
          case TableDescriptor table when tables.isEmpty() || tables.contains(table.id()) ->
              spans.addAll(spansOf(table));
          case SequenceDescriptor sequence -> spans.add(spanOf(sequence));
          case null, default -> {}
        }
      }
    }
    return new CatalogExport(last.rows, revisions, List.copyOf(spans));
  }

  /** Adds the versions of what has changed; all of an object's versions come together. */
  private static void addRevisions(
      List<Revision> revisions, int databaseId, List<CatalogRows.Version> versions, long since) {
    Map<ObjectKey, List<CatalogRows.Version>> byKey = new LinkedHashMap<>();
    for (CatalogRows.Version version : versions) {
      byKey.computeIfAbsent(version.key(), _ -> new ArrayList<>()).add(version);
    }
    byKey.forEach((key, all) -> {
      boolean known = all.stream().anyMatch(version -> version.object() != null);
      boolean changed = all.stream().anyMatch(version -> version.timestamp() > since);
      if (known && changed) {
        for (CatalogRows.Version version : all) {
          CatalogObject object = version.object();
          revisions.add(
              new Revision(
                  version.timestamp(),
                  object == null,
                  object == null
                      ? new CatalogRow(
                          databaseId, key.kind().code(), key.id(), key.subId(), new byte[0])
                      : row(databaseId, object)));
        }
      }
    });
  }

  /** The names of the tables whose rows a backup has, with their schemas. */
  public static List<String> tableNames(BackupManifest manifest) {
    Set<Span> saved = Set.copyOf(manifest.spans());
    return tableNames(manifest, table -> saved.containsAll(spansOf(table)));
  }

  /** The names of the tables that there were and whose rows a backup does not have. */
  public static List<String> missingNames(BackupManifest manifest) {
    Set<Span> saved = Set.copyOf(manifest.spans());
    return tableNames(manifest, table -> !saved.containsAll(spansOf(table)));
  }

  private static List<String> tableNames(
      BackupManifest manifest, Predicate<TableDescriptor> wanted) {
    Map<Integer, String> schemas = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (CatalogRow row : manifest.catalog()) {
      if (object(row) instanceof SchemaDescriptor schema) {
        schemas.put(schema.id(), schema.name());
      }
    }
    for (CatalogRow row : manifest.catalog()) {
      if (object(row) instanceof TableDescriptor t && wanted.test(t)) {
        names.add(schemas.get(t.schemaId()) + '.' + t.name());
      }
    }
    return names;
  }

  /** The rows of a table and the entries of its indexes, but for those that are being built. */
  static List<Span> spansOf(TableDescriptor table) {
    return table.indexes().stream()
        .filter(index -> index.state() == IndexDescriptor.State.PUBLIC)
        .map(index -> new Span(table.dataId(), index.number()))
        .toList();
  }

  static Span spanOf(SequenceDescriptor sequence) {
    return new Span(sequence.dataId(), SEQUENCE_INDEX);
  }

  /** The object that a row holds. */
  static CatalogObject object(CatalogRow row) {
    ObjectKey key = new ObjectKey(ObjectKey.Kind.ofCode(row.kind()), row.id(), row.subId());
    return DescriptorCodec.decode(key, row.value(), 0, row.value().length);
  }

  private static CatalogRow row(int databaseId, CatalogObject object) {
    ObjectKey key = object.key();
    return new CatalogRow(
        databaseId, key.kind().code(), key.id(), key.subId(), DescriptorCodec.encode(object));
  }

  private static boolean isAbout(CatalogObject object, Set<Integer> databases) {
    return switch (object) {
      case DatabaseDescriptor d -> databases.contains(d.id());
      case CommentDescriptor c ->
          c.classId() == SystemOids.PG_DATABASE && databases.contains(c.id());
      case GrantsDescriptor g -> databases.contains(g.id());
      case SettingsDescriptor s -> databases.contains(s.databaseId());
      default -> false;
    };
  }

  static int schemaOf(CatalogObject object) {
    return switch (object) {
      case TableDescriptor t -> t.schemaId();
      case SequenceDescriptor s -> s.schemaId();
      case ViewDescriptor v -> v.schemaId();
      case TypeDescriptor t -> t.schemaId();
      case CollationDescriptor c -> c.schemaId();
      default -> 0;
    };
  }

  private static RoleDescriptor withoutSecret(RoleDescriptor r) {
    return new RoleDescriptor(
        r.id(),
        r.version(),
        r.name(),
        r.superuser(),
        r.inherit(),
        r.createRole(),
        r.createDatabase(),
        r.login(),
        r.replication(),
        r.bypassRowSecurity(),
        r.connectionLimit(),
        null,
        r.validUntil(),
        r.memberOf());
  }
}
