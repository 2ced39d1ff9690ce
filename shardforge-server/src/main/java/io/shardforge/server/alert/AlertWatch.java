package io.shardforge.server.alert;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.Inquiries;
import io.shardforge.storage.clock.Clock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watch over the cluster. Of the nodes that can be reached the one with the least number keeps
 * it: every {@link #INTERVAL} it asks all nodes for what the rules look at, and notes what they
 * find in its book. The others copy the book, so that whoever is next goes on where it ended. That
 * needs no majority: a cluster that has lost it is what alerts are for.
 *
 * <pre>
 *  BOOK                     → the book of the node
 *  MEASURE, count × name    → its values of these names, in Prometheus's text format
 * </pre>
 */
public final class AlertWatch implements Inquiries.Respondent {
  /** Time from one look to the next. */
  public static final Duration INTERVAL = Duration.ofSeconds(10);

  /** How often in a row a node with a lesser number is silent before the next one has the watch. */
  static final int SILENT_MAX = 3;

  static final String TOPIC = "alerts";
  private static final int BOOK = 1;
  private static final int MEASURE = 2;
  private static final Logger log = LoggerFactory.getLogger(AlertWatch.class);

  private final int self;
  private final List<AlertRule> rules = AlertRule.shipped();
  private final Map<String, Long> spans = AlertRule.spans(rules);
  private final AlertBook book;
  private final Function<Set<String>, String> measure;
  private final Supplier<Collection<Integer>> members;
  private final Inquiries inquiries;
  private final Clock clock;
  private @Nullable Samples samples;
  private long watchingSince;
  private int silent;
  private volatile boolean watching;

  /**
   * The watch as this node has its part in it.
   *
   * @param measure shows the metrics of some names in Prometheus's text format
   * @param members the nodes that belong to the cluster; must not block
   */
  AlertWatch(
      int self,
      AlertBook book,
      Function<Set<String>, String> measure,
      Supplier<Collection<Integer>> members,
      Inquiries inquiries,
      Clock clock) {
    this.self = self;
    this.book = book;
    this.measure = measure;
    this.members = members;
    this.inquiries = inquiries;
    this.clock = clock;
  }

  /** Takes part until it is interrupted. */
  public void run() throws InterruptedException {
    begin();
    while (true) {
      try {
        round();
      } catch (RuntimeException e) {
        log.warn("a look at the cluster's alerts failed", e);
      }
      clock.sleep(INTERVAL);
    }
  }

  /** Copies the newest book of the others, and takes part from now on. */
  void begin() throws InterruptedException {
    Map<Integer, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    for (int node : new TreeSet<>(members.get())) {
      if (node != self) {
        asked.put(node, ask(node, new WireWriter(1).putByte(BOOK)));
      }
    }
    for (CompletableFuture<byte[]> call : asked.values()) {
      byte[] copy = await(call);
      if (copy != null && AlertBook.writtenMicros(copy) > book.writtenMicros()) {
        book.become(copy);
      }
    }
    inquiries.answerBy(TOPIC, this);
  }

  /** Keeps the watch, or copies the book of the node that does. */
  void round() throws InterruptedException {
    for (int node : new TreeSet<>(members.get()).headSet(self)) {
      byte[] copy = await(ask(node, new WireWriter(1).putByte(BOOK)));
      if (copy != null) {
        silent = 0;
        watching = false;
        samples = null;
        if (AlertBook.writtenMicros(copy) > 0) {
          book.become(copy);
        }
        return;
      }
    }
    silent++;
    if (watching || silent >= SILENT_MAX || isFirst()) {
      watch();
    }
  }

  private boolean isFirst() {
    return new TreeSet<>(members.get()).headSet(self).isEmpty();
  }

  private void watch() throws InterruptedException {
    long now = clock.wallMicros();
    Samples looked = samples;
    if (looked == null) {
      looked = new Samples(spans);
      samples = looked;
      watchingSince = now;
      log.info("this node watches the cluster's alerts");
    }
    watching = true;
    looked.begin(now);
    Set<String> names = new TreeSet<>(spans.keySet());
    WireWriter question = new WireWriter(1024).putByte(MEASURE).putVarint(names.size());
    names.forEach(question::putString);
    byte[] asking = question.toByteArray();
    Map<Integer, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    Set<Integer> all = new TreeSet<>(members.get());
    all.add(self);
    for (int node : all) {
      asked.put(
          node,
          node == self
              ? CompletableFuture.completedFuture(answer(asking))
              : inquiries.ask(node, TOPIC, asking));
    }
    for (Map.Entry<Integer, CompletableFuture<byte[]>> call : asked.entrySet()) {
      byte[] answer = await(call.getValue());
      // The labels that Prometheus adds to what it scrapes.
      Map<String, String> origin =
          Map.of("instance", Integer.toString(call.getKey()), "job", "shardforge");
      looked.add("up", origin, answer == null ? 0 : 1);
      if (answer != null) {
        looked.addAll(new String(answer, StandardCharsets.UTF_8), origin);
      }
    }
    book.note(rules, looked, now - watchingSince);
  }

  private CompletableFuture<byte[]> ask(int node, WireWriter question) {
    return inquiries.ask(node, TOPIC, question.toByteArray());
  }

  private static byte @Nullable [] await(CompletableFuture<byte[]> call)
      throws InterruptedException {
    try {
      return call.get();
    } catch (ExecutionException e) {
      log.debug("a node does not answer about alerts", e);
      return null;
    }
  }

  @Override
  public byte[] answer(byte[] question) {
    WireReader in = new WireReader(question);
    return switch (in.readByte()) {
      case BOOK -> {
        in.expectEnd();
        yield book.copy();
      }
      case MEASURE -> {
        List<String> names = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
          names.add(in.readString());
        }
        in.expectEnd();
        yield measure
            .apply(names.stream().collect(Collectors.toSet()))
            .getBytes(StandardCharsets.UTF_8);
      }
      default -> throw new IllegalArgumentException("nobody asks this about alerts");
    };
  }

  /** Whether this node has the watch now. */
  boolean isWatching() {
    return watching;
  }
}
