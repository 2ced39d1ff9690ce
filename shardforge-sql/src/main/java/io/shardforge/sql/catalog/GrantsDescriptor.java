package io.shardforge.sql.catalog;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The privileges that were granted on one object, or on a column of a relation beyond those on the
 * relation. An object without this descriptor has PostgreSQL's default privileges.
 *
 * @param id the OID of the object
 * @param columnNumber the column of the relation, or 0 for the object itself
 */
public record GrantsDescriptor(
    int id, long version, int columnNumber, boolean onDatabase, List<Grant> grants)
    implements CatalogObject {
  /** The grantee that stands for every role. */
  public static final int PUBLIC = 0;

  /** A privilege, with the letter that aclitem shows it as. */
  public enum Privilege {
    INSERT('a'),
    SELECT('r'),
    UPDATE('w'),
    DELETE('d'),
    TRUNCATE('D'),
    REFERENCES('x'),
    TRIGGER('t'),
    EXECUTE('X'),
    USAGE('U'),
    CREATE('C'),
    TEMPORARY('T'),
    CONNECT('c'),
    MAINTAIN('m');

    private final char letter;

    Privilege(char letter) {
      this.letter = letter;
    }

    public char letter() {
      return letter;
    }
  }

  /** What one role has from another. */
  public record Grant(
      int granteeId, int grantorId, Set<Privilege> privileges, Set<Privilege> grantOptions) {
    public Grant {
      privileges = immutable(privileges);
      grantOptions = immutable(grantOptions);
    }

    private static Set<Privilege> immutable(Set<Privilege> set) {
      return java.util.Collections.unmodifiableSet(
          set.isEmpty() ? EnumSet.noneOf(Privilege.class) : EnumSet.copyOf(set));
    }
  }

  public GrantsDescriptor {
    grants = List.copyOf(grants);
  }
}
