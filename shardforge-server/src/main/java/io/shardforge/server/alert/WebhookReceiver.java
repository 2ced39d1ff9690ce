package io.shardforge.server.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Posts alerts as JSON, in the form of Alertmanager's webhooks (version 4), a request for each name
 * of an alert. Certificates are checked; redirections are not followed.
 */
final class WebhookReceiver implements AlertReceiver {
  static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int SUCCESS = 2;

  private final URI address;
  private final @Nullable String token;
  private final String console;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_MAX)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * A receiver.
   *
   * @param token sent as a bearer's, or null
   * @param console where people find the console of this node
   */
  WebhookReceiver(URI address, @Nullable String token, String console) {
    this.address = address;
    this.token = token;
    this.console = console;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String tell(List<Alert> alerts) throws IOException, InterruptedException {
    Map<String, List<Alert>> byName =
        alerts.stream()
            .collect(Collectors.groupingBy(Alert::name, LinkedHashMap::new, Collectors.toList()));
    String said = "";
    for (List<Alert> group : byName.values()) {
      said = post(body(group).toString());
    }
    return said;
  }

  private String post(String body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER_MAX)
            .header("Content-Type", "application/json")
            .header("User-Agent", "ShardForge")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    int status;
    try {
      status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      // The address itself may be a secret: only the host is named.
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new IOException(
          address.getHost() + ": " + why.replace(address.toString(), address.getHost()), e);
    }
    if (status / 100 != SUCCESS) {
      throw new IOException(address.getHost() + " answered with HTTP status " + status);
    }
    return "HTTP status " + status;
  }

  private ObjectNode body(List<Alert> alerts) {
    boolean firing = alerts.stream().anyMatch(alert -> alert.state() == Alert.State.FIRING);
    String name = alerts.getFirst().name();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("version", "4")
        .put("groupKey", "{}:{alertname=\"" + name + "\"}")
        .put("truncatedAlerts", 0)
        .put("status", firing ? "firing" : "resolved")
        .put("receiver", name());
    body.putObject("groupLabels").put("alertname", name);
    Map<String, String> common = labels(alerts.getFirst());
    alerts.forEach(alert -> common.entrySet().retainAll(labels(alert).entrySet()));
    ObjectNode commonLabels = body.putObject("commonLabels");
    common.forEach(commonLabels::put);
    ObjectNode annotations = body.putObject("commonAnnotations");
    if (alerts.stream().map(Alert::summary).distinct().count() == 1) {
      annotations.put("summary", alerts.getFirst().summary());
    }
    body.put("externalURL", console);
    alerts.forEach(alert -> body.withArray("alerts").add(alert(alert)));
    return body;
  }

  private static Map<String, String> labels(Alert alert) {
    Map<String, String> labels = new TreeMap<>(alert.labels());
    labels.put("alertname", alert.name());
    labels.put("severity", alert.severity());
    return labels;
  }

  private ObjectNode alert(Alert alert) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("status", alert.state() == Alert.State.FIRING ? "firing" : "resolved");
    Map<String, String> labels = labels(alert);
    ObjectNode labelNode = node.putObject("labels");
    labels.forEach(labelNode::put);
    node.putObject("annotations").put("summary", alert.summary());
    return node.put("startsAt", time(alert.sinceMicros()))
        .put(
            "endsAt", alert.endedMicros() == 0 ? "0001-01-01T00:00:00Z" : time(alert.endedMicros()))
        .put("generatorURL", console + "/#/alerts")
        .put("fingerprint", String.format("%016x", fingerprint(labels)));
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  /** FNV-1a of the labels. */
  private static long fingerprint(Map<String, String> labels) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : labels.toString().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
