package io.shardforge.sql.session;

import io.shardforge.sql.catalog.CatalogSnapshot;
import io.shardforge.sql.catalog.DatabaseDescriptor;
import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.sql.catalog.SettingsDescriptor;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a new session the settings that it begins with: what RESET gives back later. */
record SessionStart(SessionFactory.Services services, SessionSettings settings) {
  /**
   * Programs that refuse a server newer than themselves: they are told of the oldest version whose
   * catalogs show everything that is here. Later ones work with it as well.
   */
  private static final Set<String> DUMP_PROGRAMS = Set.of("pg_dump", "pg_dumpall", "pg_restore");

  private static final Logger LOG = LoggerFactory.getLogger(SessionStart.class);

  /**
   * What was kept for all, for the database, for the role and for the role in the database, each
   * above the one before; and what the client wants above everything else.
   */
  void apply(
      CatalogSnapshot catalog,
      DatabaseDescriptor database,
      RoleDescriptor role,
      SessionFactory.Client client) {
    int all = SettingsDescriptor.ALL;
    applyKept(catalog.settings(all, all));
    applyKept(catalog.settings(database.id(), all));
    applyKept(catalog.settings(all, role.id()));
    applyKept(catalog.settings(database.id(), role.id()));
    apply(role, client);
    for (Map.Entry<String, String> parameter : client.parameters().entrySet()) {
      switch (parameter.getKey()) {
        case "user", "database" -> {}
        case "replication" -> {
          if (!parameter.getValue().matches("(?i)false|off|no|0")) {
            throw new ShardForgeException(
                ErrorCode.FEATURE_NOT_SUPPORTED, "replication connections are not supported");
          }
        }
        case "options" ->
            StartupOptions.parse(parameter.getValue())
                .forEach((name, value) -> applyWanted(catalog, role, name, value));
        default -> applyWanted(catalog, role, parameter.getKey(), parameter.getValue());
      }
    }
    if (DUMP_PROGRAMS.contains(settings.get("application_name"))) {
      settings.initialize("server_version", Setting.DUMP_SERVER_VERSION);
      settings.initialize("server_version_num", Setting.DUMP_SERVER_VERSION_NUM);
    }
  }

  /** What a client asks for may be no more than what SET would give it. */
  private void applyWanted(
      CatalogSnapshot catalog, RoleDescriptor login, String name, String value) {
    LogSettings.requireMaySet(name, login.superuser());
    switch (name.toLowerCase(Locale.ROOT)) {
      case "role" -> SettingStatements.requireRole(catalog, login, value);
      case "session_authorization" -> SettingStatements.requireSessionRole(catalog, login, value);
      default -> settings.requireChangeable(name);
    }
    settings.initialize(name, value);
  }

  /** The values were judged when they were kept, perhaps by another version. */
  private void applyKept(@Nullable SettingsDescriptor kept) {
    for (String setting : kept == null ? List.<String>of() : kept.settings()) {
      int end = setting.indexOf('=');
      try {
        settings.initialize(setting.substring(0, end), setting.substring(end + 1));
      } catch (ShardForgeException e) {
        LOG.warn(
            "a session begins without a setting setting=\"{}\" reason=\"{}\"",
            setting,
            e.getMessage());
      }
    }
  }

  /** What a session of the system's own, which follows nobody's wishes, begins with. */
  void apply(RoleDescriptor role, SessionFactory.Client client) {
    settings.initialize("session_authorization", role.name());
    settings.initialize("is_superuser", role.superuser() ? "on" : "off");
    settings.initialize("max_connections", Integer.toString(services.connectionsMax()));
    settings.initialize("ssl", services.configuration().hasTls() ? "on" : "off");
  }
}
