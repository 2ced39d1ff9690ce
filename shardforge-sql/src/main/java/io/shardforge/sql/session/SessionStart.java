package io.shardforge.sql.session;

import io.shardforge.sql.catalog.RoleDescriptor;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.Map;

/** Gives a new session the settings that it begins with: what RESET gives back later. */
record SessionStart(SessionFactory.Services services, SessionSettings settings) {
  /** What a client wants of its session counts above everything else. */
  void apply(RoleDescriptor role, SessionFactory.Client client) {
    settings.initialize("session_authorization", role.name());
    settings.initialize("is_superuser", role.superuser() ? "on" : "off");
    settings.initialize("max_connections", Integer.toString(services.connectionsMax()));
    for (Map.Entry<String, String> parameter : client.parameters().entrySet()) {
      switch (parameter.getKey()) {
        case "user", "database" -> {}
        case "replication" -> {
          if (!parameter.getValue().matches("(?i)false|off|no|0")) {
            throw new ShardForgeException(
                ErrorCode.FEATURE_NOT_SUPPORTED, "replication connections are not supported");
          }
        }
        case "options" -> StartupOptions.parse(parameter.getValue()).forEach(settings::initialize);
        default -> settings.initialize(parameter.getKey(), parameter.getValue());
      }
    }
  }
}
