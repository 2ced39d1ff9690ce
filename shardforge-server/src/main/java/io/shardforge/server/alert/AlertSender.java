package io.shardforge.server.alert;

import io.shardforge.storage.clock.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one receiver what it has not heard of the alerts, while this node has the watch. What it
 * has heard is in the book, so that the node that has the watch next does not tell it again. There
 * is no queue: what is told is what the book has when it is told.
 */
final class AlertSender {
  /** Time between two looks into the book. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** The longest time to the next attempt after some that failed; the first is {@link #PAUSE}. */
  static final Duration PAUSE_MAX = Duration.ofMinutes(5);

  /** Alerts of one message; the next go with the next. */
  static final int ALERTS_MAX = 100;

  private static final Logger log = LoggerFactory.getLogger(AlertSender.class);

  private final AlertReceiver receiver;
  private final AlertBook book;
  private final AlertWatch watch;
  private final Clock clock;
  private Duration pause = PAUSE;

  AlertSender(AlertReceiver receiver, AlertBook book, AlertWatch watch, Clock clock) {
    this.receiver = receiver;
    this.book = book;
    this.watch = watch;
    this.clock = clock;
  }

  /** Tells until it is interrupted. */
  void run() throws InterruptedException {
    while (true) {
      clock.sleep(pass());
    }
  }

  /** Tells what there is to tell; returns how long to wait for the next time. */
  Duration pass() throws InterruptedException {
    List<Alert> news = book.newsFor(receiver.name());
    if (!watch.isWatching() || news.isEmpty()) {
      pause = PAUSE;
      return pause;
    }
    List<Alert> told = news.subList(0, Math.min(news.size(), ALERTS_MAX));
    try {
      receiver.tell(told);
      book.told(receiver.name(), told);
      pause = PAUSE;
    } catch (IOException e) {
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
      log.warn(
          "alerts were not delivered receiver={} alerts={} next_attempt_seconds={} reason=\"{}\"",
          receiver.name(),
          news.size(),
          pause.toSeconds(),
          e.getMessage());
    }
    return pause;
  }
}
