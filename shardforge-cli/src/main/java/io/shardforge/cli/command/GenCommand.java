package io.shardforge.cli.command;

import io.shardforge.cli.connect.Wire;
import io.shardforge.cli.print.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gen}: prints files that other programs read. */
@Command(name = "gen", description = "Prints files for systemd, HAProxy, Grafana and bash.")
final class GenCommand {
  private final Context context;

  @Spec private @Nullable CommandSpec spec;

  GenCommand(Context context) {
    this.context = context;
  }

  @Command(description = "A unit of systemd that runs a node.")
  int systemd(
      @Option(
              names = "--launcher",
              defaultValue = "/opt/shardforge/shardforge",
              paramLabel = "FILE")
          Path launcher,
      @Option(names = "--config", defaultValue = "/etc/shardforge/node.conf", paramLabel = "FILE")
          Path config,
      @Option(names = "--user", defaultValue = "shardforge", paramLabel = "NAME") String user) {
    context
        .streams()
        .out()
        .print(
            """
            [Unit]
            Description=ShardForge node
            After=network-online.target
            Wants=network-online.target

            [Service]
            User=%s
            ExecStart=%s start --config %s
            # A node hands over what it leads and lets running statements end.
            KillSignal=SIGTERM
            TimeoutStopSec=120
            Restart=on-failure
            RestartSec=5
            LimitNOFILE=65536

            [Install]
            WantedBy=multi-user.target
            """
                .formatted(user, launcher, config));
    return ExitCode.OK;
  }

  @Command(description = "A configuration of HAProxy for the nodes that the cluster has now.")
  int haproxy(
      @Option(names = "--bind", defaultValue = "*:5432", paramLabel = "HOST:PORT") String bind,
      @Mixin AdminOptions options) {
    String query =
        "SELECT node_id, sql_address, http_address FROM shardforge.nodes WHERE state NOT LIKE"
            + " 'decommission%' ORDER BY node_id";
    try (Wire wire = options.connect(context)) {
      Rows nodes = wire.query(query);
      StringBuilder text =
          new StringBuilder(
              """
              global
                maxconn 10000

              defaults
                mode tcp
                timeout connect 5s
                timeout client 1h
                timeout server 1h
                option clitcpka

              listen shardforge
                bind %s
                balance leastconn
                option httpchk GET /health?ready=1
                default-server inter 2s fall 2 rise 1
              """
                  .formatted(bind));
      for (int i = 0; i < nodes.rows().size(); i++) {
        String http = nodes.text(i, 2);
        if (http.isEmpty()) {
          // It has not told its addresses yet.
          continue;
        }
        int colon = http.lastIndexOf(':');
        text.append(
            "  server node%s %s check addr %s port %s%n"
                .formatted(
                    nodes.text(i, 0),
                    nodes.text(i, 1),
                    http.substring(0, colon),
                    http.substring(colon + 1)));
      }
      context.streams().out().print(text);
      return ExitCode.OK;
    } catch (SQLException e) {
      return AdminOptions.fail(context, e, query);
    }
  }

  @Command(description = "The dashboard for Grafana that nodes serve, too.")
  int grafana() throws IOException {
    try (InputStream in = GenCommand.class.getResourceAsStream("dashboard.json")) {
      Objects.requireNonNull(in, "dashboard.json is not in the program")
          .transferTo(context.streams().out());
    }
    context.streams().out().flush();
    return ExitCode.OK;
  }

  @Command(description = "Completion for bash: source it, or put it into bash_completion.d.")
  int completion() {
    CommandLine root = Objects.requireNonNull(spec).root().commandLine();
    context.streams().out().print(AutoComplete.bash("shardforge", root));
    return ExitCode.OK;
  }
}
