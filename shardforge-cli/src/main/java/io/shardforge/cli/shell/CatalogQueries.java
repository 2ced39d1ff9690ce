package io.shardforge.cli.shell;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The queries behind the commands that list what there is. */
final class CatalogQueries {
  private static final String NOT_SYSTEM =
      " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'shardforge')";

  private CatalogQueries() {}

  /** A query, and what stands above its rows. */
  record Listing(String title, String query) {}

  static Listing databases(boolean more) {
    return new Listing(
        "List of databases",
        "SELECT datname AS \"Name\", pg_get_userbyid(datdba) AS \"Owner\","
            + " pg_encoding_to_char(encoding) AS \"Encoding\", datcollate AS \"Collate\","
            + " datctype AS \"Ctype\","
            + (more ? " pg_size_pretty(pg_database_size(oid)) AS \"Size\"," : "")
            + " array_to_string(datacl, E'\\n') AS \"Access privileges\""
            + " FROM pg_database ORDER BY 1");
  }

  static Listing schemas(NamePattern pattern, boolean system) {
    String own = system || pattern.name() != null ? "" : NOT_SYSTEM + " AND n.nspname !~ '^pg_'";
    return new Listing(
        "List of schemas",
        "SELECT n.nspname AS \"Name\", pg_get_userbyid(n.nspowner) AS \"Owner\""
            + " FROM pg_namespace n WHERE true"
            + own
            + pattern.where(null, "n.nspname", null)
            + " ORDER BY 1");
  }

  /** Relations of kinds that letters name, as in {@code \dtv}. */
  static Listing relations(String letters, NamePattern pattern, boolean system, boolean more) {
    StringJoiner kinds = new StringJoiner(",");
    if (letters.indexOf('t') >= 0) {
      kinds.add("'r'").add("'p'");
    }
    if (letters.indexOf('v') >= 0) {
      kinds.add("'v'");
    }
    if (letters.indexOf('m') >= 0) {
      kinds.add("'m'");
    }
    if (letters.indexOf('i') >= 0) {
      kinds.add("'i'").add("'I'");
    }
    if (letters.indexOf('s') >= 0) {
      kinds.add("'S'");
    }
    boolean ofIndexes = letters.equals("i");
    String own = system || pattern.name() != null ? "" : NOT_SYSTEM;
    return new Listing(
        "List of relations",
        "SELECT n.nspname AS \"Schema\", c.relname AS \"Name\", CASE c.relkind WHEN 'r' THEN"
            + " 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN"
            + " 'index' WHEN 'S' THEN 'sequence' WHEN 'p' THEN 'partitioned table' WHEN 'I' THEN"
            + " 'partitioned index' END AS \"Type\", pg_get_userbyid(c.relowner) AS \"Owner\""
            + (ofIndexes ? ", t.relname AS \"Table\"" : "")
            + (more
                ? ", pg_size_pretty(pg_table_size(c.oid)) AS \"Size\","
                    + " obj_description(c.oid, 'pg_class') AS \"Description\""
                : "")
            + " FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace"
            + (ofIndexes
                ? " LEFT JOIN pg_index i ON i.indexrelid = c.oid"
                    + " LEFT JOIN pg_class t ON t.oid = i.indrelid"
                : "")
            + " WHERE c.relkind IN ("
            + kinds
            + ")"
            + own
            + pattern.where("n.nspname", "c.relname", "pg_table_is_visible(c.oid)")
            + " ORDER BY 1, 2");
  }

  static Listing functions(NamePattern pattern, boolean system) {
    String own = system || pattern.name() != null ? "" : NOT_SYSTEM;
    return new Listing(
        "List of functions",
        "SELECT n.nspname AS \"Schema\", p.proname AS \"Name\","
            + " pg_get_function_result(p.oid) AS \"Result data type\","
            + " pg_get_function_arguments(p.oid) AS \"Argument data types\", CASE p.prokind WHEN"
            + " 'a' THEN 'agg' WHEN 'w' THEN 'window' WHEN 'p' THEN 'proc' ELSE 'func' END AS"
            + " \"Type\" FROM pg_proc p LEFT JOIN pg_namespace n ON n.oid = p.pronamespace"
            + " WHERE true"
            + own
            + pattern.where("n.nspname", "p.proname", "pg_function_is_visible(p.oid)")
            + " ORDER BY 1, 2, 4");
  }

  static Listing roles(NamePattern pattern) {
    return new Listing(
        "List of roles",
        "SELECT r.rolname AS \"Role name\", concat_ws(', ', CASE WHEN r.rolsuper THEN 'Superuser'"
            + " END, CASE WHEN NOT r.rolinherit THEN 'No inheritance' END, CASE WHEN"
            + " r.rolcreaterole THEN 'Create role' END, CASE WHEN r.rolcreatedb THEN 'Create DB'"
            + " END, CASE WHEN NOT r.rolcanlogin THEN 'Cannot login' END, CASE WHEN"
            + " r.rolreplication THEN 'Replication' END, CASE WHEN r.rolbypassrls THEN 'Bypass"
            + " RLS' END, CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit || ' connections' END)"
            + " AS \"Attributes\", ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b"
            + " ON m.roleid = b.oid WHERE m.member = r.oid) AS \"Member of\" FROM pg_roles r"
            + " WHERE r.rolname !~ '^pg_'"
            + pattern.where(null, "r.rolname", null)
            + " ORDER BY 1");
  }

  static Listing types(NamePattern pattern, boolean system) {
    String own = system || pattern.name() != null ? "" : NOT_SYSTEM;
    return new Listing(
        "List of data types",
        "SELECT n.nspname AS \"Schema\", format_type(t.oid, NULL) AS \"Name\","
            + " obj_description(t.oid, 'pg_type') AS \"Description\" FROM pg_type t"
            + " LEFT JOIN pg_namespace n ON n.oid = t.typnamespace WHERE (t.typrelid = 0 OR"
            + " (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid)) AND NOT EXISTS"
            + " (SELECT 1 FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)"
            + own
            + pattern.where("n.nspname", "t.typname", "pg_type_is_visible(t.oid)")
            + " ORDER BY 1, 2");
  }

  static Listing domains(NamePattern pattern) {
    return new Listing(
        "List of domains",
        "SELECT n.nspname AS \"Schema\", t.typname AS \"Name\", format_type(t.typbasetype,"
            + " t.typtypmod) AS \"Type\", CASE WHEN t.typnotnull THEN 'not null' END AS"
            + " \"Nullable\", t.typdefault AS \"Default\", array_to_string(ARRAY(SELECT"
            + " pg_get_constraintdef(r.oid) FROM pg_constraint r WHERE r.contypid = t.oid), ' ')"
            + " AS \"Check\" FROM pg_type t LEFT JOIN pg_namespace n ON n.oid = t.typnamespace"
            + " WHERE t.typtype = 'd'"
            + NOT_SYSTEM
            + pattern.where("n.nspname", "t.typname", "pg_type_is_visible(t.oid)")
            + " ORDER BY 1, 2");
  }

  static Listing extensions() {
    return new Listing(
        "List of installed extensions",
        "SELECT e.extname AS \"Name\", e.extversion AS \"Version\", n.nspname AS \"Schema\""
            + " FROM pg_extension e LEFT JOIN pg_namespace n ON n.oid = e.extnamespace"
            + " ORDER BY 1");
  }

  static Listing privileges(NamePattern pattern) {
    return new Listing(
        "Access privileges",
        "SELECT n.nspname AS \"Schema\", c.relname AS \"Name\", CASE c.relkind WHEN 'r' THEN"
            + " 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN"
            + " 'sequence' END AS \"Type\", array_to_string(c.relacl, E'\\n') AS \"Access"
            + " privileges\" FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'v', 'm', 'S', 'p')"
            + (pattern.name() == null ? NOT_SYSTEM : "")
            + pattern.where("n.nspname", "c.relname", "pg_table_is_visible(c.oid)")
            + " ORDER BY 1, 2");
  }

  static Listing settings(@Nullable String pattern) {
    NamePattern names = NamePattern.of(pattern);
    String which =
        pattern == null
            ? " AND source NOT IN ('default', 'client')"
            : names.where(null, "name", null).replace("\\.", ".");
    return new Listing(
        "List of configuration parameters",
        "SELECT name AS \"Parameter\", current_setting(name, true) AS \"Value\" FROM pg_settings"
            + " WHERE true"
            + which
            + " ORDER BY 1");
  }
}
