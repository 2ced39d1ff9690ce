package io.shardforge.sql.plan;

import io.shardforge.sql.type.Encoding;
import io.shardforge.sql.type.TypeContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of COPY.
 *
 * @param header the first line holds column names
 * @param headerMatch the names are checked against the columns
 * @param nullString what stands for NULL
 * @param forceQuote columns whose values are always quoted (csv, TO)
 * @param forceNotNull columns in which the null string is an ordinary value (csv, FROM)
 * @param encoding of text and csv; null for the client's
 * @param forceNull columns in which the null string is NULL even when quoted (csv, FROM)
 */
public record CopyOptions(
    Format format,
    boolean header,
    boolean headerMatch,
    char delimiter,
    String nullString,
    char quote,
    char escape,
    List<Integer> forceQuote,
    List<Integer> forceNotNull,
    List<Integer> forceNull,
    @Nullable Encoding encoding) {
  /** The encoding of text and csv under these settings of the session. */
  public Encoding encoding(TypeContext context) {
    return encoding == null ? context.encoding() : encoding;
  }

  /** The three formats. */
  public enum Format {
    TEXT,
    CSV,
    BINARY
  }
}
