package io.shardforge.sql.catalog.system;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.type.PgOid;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** pg_hba_file_rules and pg_stat_ssl: how clients may come to the node that is asked, and do. */
final class AccessTables {
  private AccessTables() {}

  static Stream<@Nullable Object[]> rules(SystemTable t, EvalContext context) {
    return context.services().get(AccessRulesView.class).accessRules().stream()
        .map(rule ->
            t.row()
                .set("rule_number", rule.number() == null ? null : (Object) (long) rule.number())
                .set("file_name", rule.file())
                .set("line_number", rule.line())
                .set("type", rule.type())
                .set("database", words(rule.databases()))
                .set("user_name", words(rule.users()))
                .set("address", rule.address())
                .set("netmask", rule.netmask())
                .set("auth_method", rule.method())
                .set("options", words(rule.options()))
                .set("error", rule.error())
                .done());
  }

  private static @Nullable Object words(List<String> words) {
    return words.isEmpty() ? null : Cells.array(PgOid.TEXT, words);
  }

  static Stream<@Nullable Object[]> encryption(SystemTable t, EvalContext context) {
    return context.services().get(EncryptionView.class).connections().stream()
        .map(one ->
            t.row()
                .set("pid", one.processId())
                .set("ssl", one.encrypted())
                .set("version", one.protocol())
                .set("cipher", one.cipher())
                .set("bits", one.cipher() == null ? null : (Object) bits(one.cipher()))
                .set("client_dn", one.clientName())
                .set(
                    "client_serial",
                    one.clientSerial() == null ? null : new BigDecimal(one.clientSerial()))
                .set("issuer_dn", one.issuerName())
                .done());
  }

  /** The length of a cipher's key, which its name tells. */
  private static long bits(String cipher) {
    return cipher.toUpperCase(Locale.ROOT).contains("_128") ? 128L : 256L;
  }
}
