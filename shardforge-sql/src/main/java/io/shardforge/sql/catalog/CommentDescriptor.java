package io.shardforge.sql.catalog;

/**
 * The text of a COMMENT ON.
 *
 * @param id the OID of the object
 * @param classId the OID of the system table that lists the object, as in pg_description
 * @param columnNumber the column of the table, or 0 for the object itself
 */
public record CommentDescriptor(int id, long version, int classId, int columnNumber, String text)
    implements CatalogObject {
  /** The same text about another object of the kind. */
  public CommentDescriptor on(int newId, int newColumnNumber) {
    return new CommentDescriptor(newId, 1, classId, newColumnNumber, text);
  }

  /** Whether it comments on something that belongs to the cluster: a database or a role. */
  public boolean isShared() {
    return classId == SystemOids.PG_DATABASE || classId == SystemOids.PG_AUTHID;
  }
}
