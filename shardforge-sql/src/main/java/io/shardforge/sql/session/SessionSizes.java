package io.shardforge.sql.session;

import io.shardforge.sql.catalog.AccessCheck;
import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.CatalogSnapshot.IndexOfTable;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.GrantsDescriptor.Privilege;
import io.shardforge.sql.catalog.IndexDescriptor;
import io.shardforge.sql.catalog.PredefinedRole;
import io.shardforge.sql.catalog.SequenceDescriptor;
import io.shardforge.sql.catalog.SystemOids;
import io.shardforge.sql.catalog.TableDescriptor;
import io.shardforge.sql.catalog.TemplateDatabases;
import io.shardforge.sql.function.SizeFunctions;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import io.shardforge.storage.key.KeySpace;
import io.shardforge.storage.key.KeySpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What relations and databases take, for a session that asks: the bytes of their spans of keys at
 * one replica of each shard.
 */
final class SessionSizes implements SizeFunctions {
  private final Session session;

  SessionSizes(Session session) {
    this.session = session;
  }

  @Override
  public @Nullable Long relation(long oid, Part part) {
    CatalogSnapshot catalog = session.transaction().catalog().snapshot();
    Object relation = catalog.relation((int) oid);
    IndexOfTable index = relation == null ? catalog.index((int) oid) : null;
    if (relation == null && index == null) {
      return null;
    }
    List<KeySpan> spans = new ArrayList<>();
    if (relation instanceof TableDescriptor table) {
      table.indexes().stream()
          .filter(one -> isOf(one, part))
          .forEach(one -> spans.add(span(table, one)));
    } else if (part != Part.INDEXES) {
      if (relation instanceof SequenceDescriptor sequence) {
        spans.add(KeySpace.tableSpan(sequence.dataId()));
      } else if (index != null && !index.index().primary()) {
        spans.add(span(index.table(), index.index()));
      }
    }
    return bytesOf(spans);
  }

  /** A table's rows lie in its primary index, which is therefore none of its indexes here. */
  private static boolean isOf(IndexDescriptor index, Part part) {
    return switch (part) {
      case OWN -> index.primary();
      case INDEXES -> !index.primary();
      case ALL -> true;
    };
  }

  private static KeySpan span(TableDescriptor table, IndexDescriptor index) {
    return KeySpace.indexSpan(table.dataId(), index.number());
  }

  @Override
  public @Nullable Long database(long oid) {
    DatabaseDescriptor database =
        session.transaction().catalog().snapshot().databases().stream()
            .filter(one -> one.id() == (int) oid)
            .findFirst()
            .orElse(null);
    if (database == null) {
      return TemplateDatabases.numbered(oid) == null ? null : 0L;
    }
    AccessCheck access = session.access();
    if (!access.actsAs(PredefinedRole.READ_ALL_STATS)
        && !access.mayDatabase(database, Privilege.CONNECT)) {
      throw denied("database " + database.name());
    }
    CatalogSnapshot catalog = session.services().catalog().newest(database.id());
    List<KeySpan> spans = new ArrayList<>();
    catalog.tables().forEach(table -> spans.add(KeySpace.tableSpan(table.dataId())));
    catalog.sequences().forEach(one -> spans.add(KeySpace.tableSpan(one.dataId())));
    return bytesOf(spans);
  }

  @Override
  public @Nullable Long tablespace(long oid) {
    if (oid == SystemOids.TABLESPACE_DEFAULT) {
      return bytesOf(List.of(KeySpace.dataSpan()));
    }
    if (oid != SystemOids.TABLESPACE_GLOBAL) {
      return null;
    }
    if (!session.access().actsAs(PredefinedRole.READ_ALL_STATS)) {
      throw denied("tablespace pg_global");
    }
    return bytesOf(List.of(KeySpace.metaSpan()));
  }

  private static ShardForgeException denied(String object) {
    return new ShardForgeException(
        ErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for " + object);
  }

  private @Nullable Long bytesOf(List<KeySpan> spans) {
    try {
      return session.services().cluster().sizeBytes(spans);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw session.cancellationError();
    }
  }
}
