package io.shardforge.server;

import io.shardforge.server.net.ClientTls;
import io.shardforge.server.security.AccessFile;
import io.shardforge.server.security.AccessRule;
import io.shardforge.server.security.AccessRules;
import io.shardforge.sql.catalog.system.AccessRulesView;
import io.shardforge.sql.session.NodeConfiguration;
import io.shardforge.storage.clock.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a node that can be read again while it runs: access rules and certificates. */
final class FileConfiguration implements NodeConfiguration {
  private final @Nullable AccessFile file;
  private final AccessRules standing;
  private final @Nullable ClientTls tls;
  private final Clock clock;
  private volatile long loadedMicros;

  /**
   * @param file null without one
   * @param standing the rules without a file
   * @param tls null without certificates
   */
  FileConfiguration(
      @Nullable AccessFile file, AccessRules standing, @Nullable ClientTls tls, Clock clock) {
    this.file = file;
    this.standing = standing;
    this.tls = tls;
    this.clock = clock;
    loadedMicros = clock.wallMicros();
  }

  /** The rules in use. */
  AccessRules rules() {
    return file == null ? standing : file.rules();
  }

  @Override
  public boolean hasTls() {
    return tls != null;
  }

  @Override
  public void reload() {
    if (file != null) {
      file.reload();
    }
    if (tls != null) {
      tls.reload();
    }
    loadedMicros = clock.wallMicros();
  }

  @Override
  public long loadedMicros() {
    return loadedMicros;
  }

  @Override
  public List<AccessRulesView.Entry> accessRules() {
    AccessRules written = file == null ? standing : file.written();
    String path = file == null ? null : file.path().toString();
    List<AccessRulesView.Entry> entries = new ArrayList<>();
    int number = 0;
    for (AccessRule rule : written.rules()) {
      entries.add(
          new AccessRulesView.Entry(
              ++number,
              path,
              rule.line(),
              rule.transport().word(),
              rule.databases().stream().map(AccessRule.Name::text).toList(),
              rule.users().stream().map(AccessRule.Name::text).toList(),
              rule.addressText(),
              rule.maskText(),
              rule.method().word(),
              rule.options(),
              null));
    }
    for (AccessRules.Fault fault : written.faults()) {
      entries.add(
          new AccessRulesView.Entry(
              null,
              path,
              fault.line(),
              null,
              List.of(),
              List.of(),
              null,
              null,
              null,
              List.of(),
              fault.message()));
    }
    entries.sort(Comparator.comparingInt(AccessRulesView.Entry::line));
    return entries;
  }
}
