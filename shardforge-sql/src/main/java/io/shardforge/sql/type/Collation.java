package io.shardforge.sql.type;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How text is ordered and which texts are equal. It has all that comparing takes, so that no
 * catalog is asked for it; nothing of it changes as long as it is there, not even its OID.
 *
 * @param oid the row of pg_collation, 0 for {@link #INDETERMINATE}
 * @param locale what ICU orders by; null for the order of code points
 * @param deterministic whether only texts of the same bytes are equal
 */
public record Collation(int oid, @Nullable String locale, boolean deterministic) {
  /** Of an expression over values whose collations differ: it must not be compared. */
  public static final Collation INDETERMINATE = new Collation(0, null, true);

  /** Whether text is ordered in the same way under both; null is the order of code points. */
  static boolean isOrderedLike(@Nullable Collation a, @Nullable Collation b) {
    String left = a == null ? null : a.locale;
    String right = b == null ? null : b.locale;
    return Objects.equals(left, right)
        && (a == null || b == null || left == null || a.deterministic == b.deterministic)
        && INDETERMINATE.equals(a) == INDETERMINATE.equals(b);
  }

  /** The order that ICU gives text, null for the order of code points. */
  public @Nullable TextOrder order() {
    if (oid == 0) {
      throw indeterminate("string comparison");
    }
    return locale == null ? null : TextOrder.of(locale, deterministic);
  }

  /** What fails if the collation is not known. */
  public static ShardForgeException indeterminate(String purpose) {
    return new ShardForgeException(
            ErrorCode.INDETERMINATE_COLLATION,
            "could not determine which collation to use for " + purpose)
        .withHint("Use the COLLATE clause to set the collation explicitly.");
  }
}
