package io.shardforge.cli.connect;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where to connect, and as whom, by libpq's names of connection parameters.
 *
 * @param parameters such as host, port, user, dbname, password, sslmode
 */
public record Target(Map<String, String> parameters) {
  private static final Pattern URL =
      Pattern.compile(
          "postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<hosts>[^/?]*)"
              + "(?:/(?<database>[^?]*))?(?:\\?(?<query>.*))?");

  private static final Map<String, String> DEFAULTS =
      Map.of("host", "127.0.0.1", "port", "15432", "user", "shardforge", "dbname", "shardforge");

  /** libpq's variables of the environment, with the parameters that they give. */
  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("PGHOST", "host"),
          Map.entry("PGPORT", "port"),
          Map.entry("PGUSER", "user"),
          Map.entry("PGDATABASE", "dbname"),
          Map.entry("PGPASSWORD", "password"),
          Map.entry("PGSSLMODE", "sslmode"),
          Map.entry("PGSSLROOTCERT", "sslrootcert"),
          Map.entry("PGSSLCERT", "sslcert"),
          Map.entry("PGSSLKEY", "sslkey"),
          Map.entry("PGAPPNAME", "application_name"),
          Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
          Map.entry("PGOPTIONS", "options"),
          Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
          Map.entry("PGCHANNELBINDING", "channel_binding"));

  /** libpq's parameters that are handed on, by the driver's names. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.ofEntries(
          Map.entry("user", "user"),
          Map.entry("password", "password"),
          Map.entry("sslmode", "sslmode"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("sslpassword", "sslpassword"),
          Map.entry("application_name", "ApplicationName"),
          Map.entry("connect_timeout", "connectTimeout"),
          Map.entry("options", "options"),
          Map.entry("target_session_attrs", "targetServerType"),
          Map.entry("channel_binding", "channelBinding"));

  public Target {
    parameters = Map.copyOf(parameters);
  }

  /** Whether a word is a URL and not a database's name. */
  public static boolean isUrl(String word) {
    return word.startsWith("postgresql://") || word.startsWith("postgres://");
  }

  /** The first that says something counts: what was said, the URL, the environment, defaults. */
  public static Target of(
      Map<String, String> said, @Nullable String url, Map<String, String> environment) {
    Map<String, String> all = new LinkedHashMap<>(said);
    String address = url == null ? environment.get("SHARDFORGE_URL") : url;
    if (address != null) {
      parse(address).forEach(all::putIfAbsent);
    }
    VARIABLES.forEach((variable, parameter) -> {
      String value = environment.get(variable);
      if (value != null && !value.isEmpty()) {
        all.putIfAbsent(parameter, value);
      }
    });
    DEFAULTS.forEach(all::putIfAbsent);
    all.putIfAbsent("application_name", "shardforge");
    if (all.getOrDefault("host", "").startsWith("/")) {
      throw new IllegalArgumentException(
          "--host " + all.get("host") + ": nodes listen on TCP only; give a name or an address.");
    }
    return new Target(all);
  }

  private static Map<String, String> parse(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "--url " + url + ": a URL is postgresql://user@host:port/database?sslmode=….");
    }
    Map<String, String> found = new LinkedHashMap<>();
    put(found, "user", parts.group("user"));
    put(found, "password", parts.group("password"));
    put(found, "dbname", parts.group("database"));
    StringJoiner hosts = new StringJoiner(",");
    StringJoiner ports = new StringJoiner(",");
    for (String address : parts.group("hosts").split(",", -1)) {
      int colon = address.lastIndexOf(':');
      boolean hasPort = colon >= 0 && !address.endsWith("]");
      hosts.add(hasPort ? address.substring(0, colon) : address);
      ports.add(hasPort ? address.substring(colon + 1) : "");
    }
    put(found, "host", hosts.toString());
    if (!ports.toString().replace(",", "").isEmpty()) {
      found.put("port", ports.toString());
    }
    String query = parts.group("query");
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(found, pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return found;
  }

  private static void put(Map<String, String> found, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      found.put(name, URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
  }

  /** The same with another value of a parameter. */
  public Target with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(parameters);
    changed.put(name, value);
    return new Target(changed);
  }

  public String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The driver's URL, without anything secret. */
  String driverUrl() {
    String[] hosts = get("host").split(",", -1);
    String[] ports = get("port").split(",", -1);
    StringJoiner addresses = new StringJoiner(",");
    for (int i = 0; i < hosts.length; i++) {
      String port = ports[Math.min(i, ports.length - 1)];
      String host = hosts[i].isEmpty() ? "127.0.0.1" : hosts[i];
      boolean isBareV6 = host.indexOf(':') >= 0 && !host.startsWith("[");
      addresses.add((isBareV6 ? "[" + host + "]" : host) + ":" + (port.isEmpty() ? "15432" : port));
    }
    return "jdbc:postgresql://"
        + addresses
        + "/"
        + URLEncoder.encode(get("dbname"), StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Everything else, by the driver's names. */
  Properties driverProperties() {
    Properties properties = new Properties();
    DRIVER_NAMES.forEach((parameter, name) -> {
      String value = parameters.get(parameter);
      if (value != null) {
        properties.setProperty(name, driverValue(parameter, value));
      }
    });
    String certificate = parameters.get("sslcert");
    if (certificate != null) {
      properties.setProperty("pemKeyAlgorithm", keyAlgorithm(Path.of(certificate)));
    }
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "15");
    properties.setProperty("allowEncodingChanges", "true");
    properties.setProperty("tcpKeepAlive", "true");
    properties.putIfAbsent("connectTimeout", "10");
    return properties;
  }

  /** The kind of key that a certificate belongs to, which the driver does not look for itself. */
  private static String keyAlgorithm(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(in)
          .getPublicKey()
          .getAlgorithm();
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException("--sslcert " + certificate + ": " + e.getMessage(), e);
    }
  }

  private static String driverValue(String parameter, String value) {
    return parameter.equals("target_session_attrs")
        ? switch (value) {
          case "read-write", "primary" -> "primary";
          case "read-only", "standby" -> "secondary";
          case "prefer-standby" -> "preferSecondary";
          default -> "any";
        }
        : value;
  }

  /** The address as messages name it. */
  public String address() {
    String driver = driverUrl();
    return driver.substring("jdbc:postgresql://".length(), driver.lastIndexOf('/'));
  }
}
