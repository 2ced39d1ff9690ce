package io.shardforge.server;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** The question to another process whether its node serves clients. */
final class HealthProbe {
  private static final int TIMEOUT_MILLIS = 2_000;

  private HealthProbe() {}

  /** Whether the node whose HTTP side is at {@code address} says that it is ready. */
  static boolean isReady(String address) {
    try {
      URI uri = URI.create("http://" + address + "/health?ready=1");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        connection.disconnect();
      }
    } catch (IOException _) {
      return false;
    }
  }
}
