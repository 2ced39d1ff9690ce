package io.shardforge.sql.catalog.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may log in, for pg_hba_file_rules. Obtained from EvalContext.services(). */
public interface AccessRulesView {
  /**
   * One rule, or a line that is none.
   *
   * @param number null for a line that is no rule
   * @param type how a connection comes, such as {@code hostssl}; null, as all below, without a rule
   * @param address a network or a word such as {@code all}
   * @param netmask null where the address is a word
   * @param error why the line is no rule
   */
  record Entry(
      @Nullable Integer number,
      @Nullable String file,
      int line,
      @Nullable String type,
      List<String> databases,
      List<String> users,
      @Nullable String address,
      @Nullable String netmask,
      @Nullable String method,
      List<String> options,
      @Nullable String error) {}

  /** The rules in their order; 42501 for who is no superuser. */
  List<Entry> accessRules();
}
