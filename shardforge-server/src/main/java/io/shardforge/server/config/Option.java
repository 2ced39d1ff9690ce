package io.shardforge.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** One thing that a node can be told: {@code --key}, {@code SHARDFORGE_KEY} or {@code key = …}. */
public enum Option {
  STORE("DIR", "where the node keeps its data; needed"),
  LISTEN("HOST:PORT", "where other nodes reach it; default 127.0.0.1:17432"),
  ADVERTISE("HOST:PORT", "the same as others see it, if it differs"),
  PG("HOST:PORT", "where SQL clients connect; default 127.0.0.1:15432"),
  HTTP("HOST:PORT", "health, metrics and console; default 127.0.0.1:18080"),
  JOIN("HOST:PORT,…", "the --listen of the cluster's first nodes, in the same order everywhere"),
  LOCALITY(
      "NAME=VALUE,…", "where the node is, as in region=eu,zone=a; replicas are spread over places"),
  CERTS_DIR("DIR", "ca.crt, node.crt and node.key: TLS for clients and between nodes"),
  ACCESS("FILE", "who may log in, from where and how: rules as in pg_hba.conf"),
  INSECURE("", "no TLS and no passwords"),
  CACHE("SIZE", "memory for cached blocks; default a quarter of the machine's"),
  SCAN_CACHE("SIZE", "memory for what scans have read; default a sixth of the heap"),
  SQL_MEMORY("SIZE", "memory for running statements; default a quarter of the machine's"),
  MAX_CONNECTIONS("N", "SQL connections; default 5000"),
  HISTORY_RETENTION("TIME", "how far back AS OF reads can go; default 4h"),
  LOG_FORMAT("plain|json", "how log lines look; default plain"),
  LOG_DIR("DIR", "log files of bounded size, one for each channel; default none"),
  ALERT_WEBHOOK("URL", "where alerts are posted, as Alertmanager posts them; default nowhere"),
  ALERT_SMTP("URL", "mail server for alerts: smtp://[USER@]HOST[:PORT], or smtps://…"),
  ALERT_FROM("ADDRESS", "who sends alerts by e-mail"),
  ALERT_TO("ADDRESS,…", "who gets alerts by e-mail"),
  CONFIG("FILE", "a file of lines 'key = value' with these keys"),
  /** Set by demo: how many nodes divide the machine's memory among them. */
  MEMORY_SHARE("N", ""),
  /** Set by demo: the node stops when its standard input closes. */
  STOP_WITH_PARENT("", "");

  private final String value;
  private final String help;

  Option(String value, String help) {
    this.value = value;
    this.help = help;
  }

  /** The name in a file, and as a flag after two hyphens. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String variable() {
    return ServerConfig.VARIABLE_PREFIX + name();
  }

  /** Whether it is a switch, which as a flag takes no value. */
  boolean isSwitch() {
    return value.isEmpty();
  }

  boolean isPublic() {
    return !help.isEmpty();
  }

  static Optional<Option> of(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }

  static String knownKeys() {
    return Arrays.stream(values())
        .filter(Option::isPublic)
        .map(Option::key)
        .collect(Collectors.joining(", "));
  }

  /** One line for each option, for the help text. */
  public static String describeAll() {
    return Arrays.stream(values())
        .filter(Option::isPublic)
        .map(option ->
            String.format(
                Locale.ROOT,
                "      %-28s %s%n",
                "--" + option.key() + (option.isSwitch() ? "" : " " + option.value),
                option.help))
        .collect(Collectors.joining());
  }
}
