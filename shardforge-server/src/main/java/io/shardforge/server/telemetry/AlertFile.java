package io.shardforge.server.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What is shipped for those who watch a cluster by Prometheus and Grafana. */
public enum AlertFile {
  /** Alerts for Prometheus. */
  RULES("rules.yml"),
  /** A dashboard for Grafana. */
  DASHBOARD("dashboard.json");

  private final String fileName;

  AlertFile(String fileName) {
    this.fileName = fileName;
  }

  public String text() {
    try (InputStream in = AlertFile.class.getResourceAsStream(fileName)) {
      if (in == null) {
        throw new IllegalStateException(fileName + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
