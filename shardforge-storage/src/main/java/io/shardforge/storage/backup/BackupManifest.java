package io.shardforge.storage.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * What a backup consists of; the file that is written last, and makes it one.
 *
 * @param name the folder it lies in
 * @param base the backup that this one continues, empty for a full one
 * @param timestamp of the state that it holds
 * @param since from when on it has all versions, too; 0 if it has one state only
 * @param scope what it is of, in words
 * @param catalog descriptors and what else belongs to the catalog
 * @param revisions all versions of those rows of the catalog that have changed since then, with
 *     what they were before
 * @param spans all spans of keys that it is about, those without an entry, too
 * @param chunks in the order in which they were written
 */
public record BackupManifest(
    String name,
    String base,
    long timestamp,
    long since,
    String scope,
    List<CatalogRow> catalog,
    List<Revision> revisions,
    List<Span> spans,
    List<Chunk> chunks) {
  private static final int FORMAT = 2;

  /** Without history. */
  private static final int FORMAT_PLAIN = 1;

  public BackupManifest {
    catalog = List.copyOf(catalog);
    revisions = List.copyOf(revisions);
    spans = List.copyOf(spans);
    chunks = List.copyOf(chunks);
  }

  /**
   * A row of the catalog.
   *
   * @param databaseId whose it is, 0 for the cluster's
   * @param kind of the object, by the code that is stored
   */
  public record CatalogRow(int databaseId, int kind, int id, int subId, byte[] value) {}

  /**
   * What a row of the catalog was from a timestamp on.
   *
   * @param gone whether there was no such row from then on; then it has no value
   */
  public record Revision(long timestamp, boolean gone, CatalogRow row) {}

  /** The rows of a table, the entries of one of its indexes, or a sequence's value. */
  public record Span(int dataId, int index) {}

  /**
   * A file with entries of one span.
   *
   * @param attempt who has written it: another attempt at the same chunk writes another file
   * @param entries how many there are
   * @param bytes the file's length
   * @param sum what the file ends with
   */
  public record Chunk(int number, long attempt, Span span, long entries, long bytes, byte[] sum) {
    /** What the file is called. */
    public String fileName() {
      return "chunk-%08d-%016x".formatted(number, attempt);
    }
  }

  public boolean hasHistory() {
    return since != 0;
  }

  /** The catalog as of a timestamp that it has the versions of. */
  public List<CatalogRow> catalogAt(long at) {
    if (!hasHistory()) {
      return catalog;
    }
    TreeMap<RowName, Revision> then = new TreeMap<>();
    for (CatalogRow row : catalog) {
      then.put(RowName.of(row), new Revision(since, false, row));
    }
    for (Revision revision : revisions) {
      then.remove(RowName.of(revision.row));
    }
    for (Revision revision : revisions) {
      if (revision.timestamp <= at) {
        then.merge(
            RowName.of(revision.row),
            revision,
            (one, other) -> one.timestamp > other.timestamp ? one : other);
      }
    }
    return then.values().stream().filter(one -> !one.gone).map(Revision::row).toList();
  }

  /** Which row of the catalog it is; in the order in which the catalog is stored. */
  private record RowName(int databaseId, int kind, int id, int subId)
      implements Comparable<RowName> {
    private static final Comparator<RowName> ORDER =
        Comparator.comparingInt(RowName::databaseId)
            .thenComparingInt(RowName::kind)
            .thenComparingInt(RowName::id)
            .thenComparingInt(RowName::subId);

    static RowName of(CatalogRow row) {
      return new RowName(row.databaseId, row.kind, row.id, row.subId);
    }

    @Override
    public int compareTo(RowName other) {
      return ORDER.compare(this, other);
    }
  }

  /** The length of all chunks. */
  public long bytes() {
    return chunks.stream().mapToLong(Chunk::bytes).sum();
  }

  /** The number of entries of all chunks. */
  public long entries() {
    return chunks.stream().mapToLong(Chunk::entries).sum();
  }

  /** The stored form of the manifest, for {@link BackupFile}. */
  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeUTF(name);
      out.writeUTF(base);
      out.writeLong(timestamp);
      out.writeLong(since);
      out.writeUTF(scope);
      out.writeInt(catalog.size());
      for (CatalogRow row : catalog) {
        writeRow(out, row);
      }
      out.writeInt(revisions.size());
      for (Revision revision : revisions) {
        out.writeLong(revision.timestamp);
        out.writeBoolean(revision.gone);
        writeRow(out, revision.row);
      }
      out.writeInt(spans.size());
      for (Span span : spans) {
        writeSpan(out, span);
      }
      out.writeInt(chunks.size());
      for (Chunk chunk : chunks) {
        out.writeInt(chunk.number);
        out.writeLong(chunk.attempt);
        writeSpan(out, chunk.span);
        out.writeLong(chunk.entries);
        out.writeLong(chunk.bytes);
        writeBytes(out, chunk.sum);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** Reads {@link #encode}. */
  public static BackupManifest decode(byte[] content) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
      int format = in.readByte();
      if (format != FORMAT && format != FORMAT_PLAIN) {
        throw BackupErrors.damaged("a manifest of format " + format);
      }
      String name = in.readUTF();
      String base = in.readUTF();
      long timestamp = in.readLong();
      long since = format == FORMAT_PLAIN ? 0 : in.readLong();
      String scope = in.readUTF();
      List<CatalogRow> catalog = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        catalog.add(readRow(in));
      }
      List<Revision> revisions = new ArrayList<>();
      for (int left = format == FORMAT_PLAIN ? 0 : in.readInt(); left > 0; left--) {
        revisions.add(new Revision(in.readLong(), in.readBoolean(), readRow(in)));
      }
      List<Span> spans = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        spans.add(readSpan(in));
      }
      List<Chunk> chunks = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        chunks.add(
            new Chunk(
                in.readInt(),
                in.readLong(),
                readSpan(in),
                in.readLong(),
                in.readLong(),
                readBytes(in)));
      }
      return new BackupManifest(
          name, base, timestamp, since, scope, catalog, revisions, spans, chunks);
    } catch (IOException e) {
      throw BackupErrors.damaged("a manifest that ends too early");
    }
  }

  private static void writeRow(DataOutputStream out, CatalogRow row) throws IOException {
    out.writeInt(row.databaseId);
    out.writeByte(row.kind);
    out.writeInt(row.id);
    out.writeInt(row.subId);
    writeBytes(out, row.value);
  }

  private static CatalogRow readRow(DataInputStream in) throws IOException {
    return new CatalogRow(in.readInt(), in.readByte(), in.readInt(), in.readInt(), readBytes(in));
  }

  private static void writeSpan(DataOutputStream out, Span span) throws IOException {
    out.writeInt(span.dataId);
    out.writeInt(span.index);
  }

  private static Span readSpan(DataInputStream in) throws IOException {
    return new Span(in.readInt(), in.readInt());
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
