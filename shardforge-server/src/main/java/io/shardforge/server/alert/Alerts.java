package io.shardforge.server.alert;

import io.shardforge.raft.route.Inquiries;
import io.shardforge.server.config.AlertConfig;
import io.shardforge.sql.catalog.system.AlertsView;
import io.shardforge.sql.session.NodeAlerts;
import io.shardforge.storage.clock.Clock;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node's part in the alerts of its cluster: its watch, its book and those whom it tells. */
public final class Alerts implements NodeAlerts {
  private final AlertBook book = new AlertBook();
  private final List<AlertReceiver> receivers = new ArrayList<>();
  private final List<AlertSender> senders = new ArrayList<>();
  private final AlertWatch watch;
  private final Clock clock;
  private volatile @Nullable Set<Integer> members;

  /** Something that runs on a thread of its own until it is interrupted. */
  public interface Loop {
    void run() throws InterruptedException;
  }

  /**
   * A node's part.
   *
   * @param measure shows the metrics of some names in Prometheus's text format
   * @param console where people find this node's console
   */
  public Alerts(
      int self,
      AlertConfig config,
      String console,
      Function<Set<String>, String> measure,
      Inquiries inquiries,
      Clock clock) {
    this.clock = clock;
    this.watch =
        new AlertWatch(
            self,
            book,
            measure,
            () -> {
              Set<Integer> known = members;
              return known == null ? withSelf(inquiries.others(), self) : known;
            },
            inquiries,
            clock);
    URI webhook = config.webhook();
    if (webhook != null) {
      receivers.add(new WebhookReceiver(webhook, config.webhookToken(), console));
    }
    AlertConfig.Mail mail = config.mail();
    if (mail != null) {
      receivers.add(new MailReceiver(mail, console));
    }
    receivers.forEach(receiver -> senders.add(new AlertSender(receiver, book, watch, clock)));
  }

  private static Set<Integer> withSelf(Collection<Integer> others, int self) {
    Set<Integer> all = new TreeSet<>(others);
    all.add(self);
    return all;
  }

  /** Says which nodes belong to the cluster, this one among them; until then it is all known. */
  public void membersAre(Set<Integer> nodes) {
    members = Set.copyOf(nodes);
  }

  /** What wants a thread of its own each. */
  public List<Loop> loops() {
    List<Loop> loops = new ArrayList<>();
    loops.add(watch::run);
    senders.forEach(sender -> loops.add(sender::run));
    return loops;
  }

  /** Looks once at what the first of the loops looks at again and again. */
  public void look() throws InterruptedException {
    watch.round();
  }

  @Override
  public List<AlertsView.Entry> alerts() {
    return book.all().stream().map(Alert::entry).toList();
  }

  @Override
  public List<Delivery> test() throws InterruptedException {
    long now = clock.wallMicros();
    Alert test =
        new Alert(
            "Test",
            "info",
            Map.of(),
            "This is a test of how alerts are told. Nothing is wrong.",
            0,
            Alert.State.FIRING,
            now,
            now,
            0,
            Map.of());
    List<Delivery> deliveries = new ArrayList<>();
    for (AlertReceiver receiver : receivers) {
      try {
        deliveries.add(new Delivery(receiver.name(), true, receiver.tell(List.of(test))));
      } catch (IOException e) {
        deliveries.add(new Delivery(receiver.name(), false, String.valueOf(e.getMessage())));
      }
    }
    return deliveries;
  }
}
