package io.shardforge.sql.session;

import io.shardforge.raft.kv.WireReader;
import io.shardforge.raft.kv.WireWriter;
import io.shardforge.raft.route.Inquiries;
import io.shardforge.sql.function.MetricFunctions;
import io.shardforge.sql.session.NodeMetrics.Point;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of all nodes: those of others their nodes are asked for, and here the same question
 * is answered. A node that is silent for a second is left out. Any thread.
 *
 * <pre>
 *  the name of a metric for its history, or nothing for all metrics now → count, count × point
 * </pre>
 */
public final class ClusterMetrics implements Inquiries.Respondent, MetricFunctions {
  static final String TOPIC = "metrics";
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMetrics.class);

  private final int self;
  private final NodeMetrics own;
  private final Inquiries inquiries;

  ClusterMetrics(int self, NodeMetrics own, Inquiries inquiries) {
    this.self = self;
    this.own = own;
    this.inquiries = inquiries;
  }

  private interface RowOf {
    @Nullable Object[] apply(long node, Point point);
  }

  @Override
  public Iterator<@Nullable Object[]> metrics() {
    return find("", (node, p) -> new @Nullable Object[] {node, p.name(), p.labels(), p.value()});
  }

  @Override
  public Iterator<@Nullable Object[]> metricHistory(String name) {
    return find(
        name,
        (node, p) ->
            new @Nullable Object[] {
              node, p.labels(), p.micros() - TransactionBlock.EPOCH_MICROS, p.value()
            });
  }

  private Iterator<@Nullable Object[]> find(String name, RowOf rowOf) {
    Map<Integer, CompletableFuture<byte[]>> asked = new LinkedHashMap<>();
    byte[] question = new WireWriter(32).putString(name).toByteArray();
    for (int node : inquiries.others()) {
      asked.put(node, inquiries.ask(node, TOPIC, question));
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Point point : points(name)) {
      rows.add(rowOf.apply(self, point));
    }
    for (Map.Entry<Integer, CompletableFuture<byte[]>> call : asked.entrySet()) {
      try {
        WireReader in = new WireReader(call.getValue().get());
        int count = in.readCount();
        for (int i = 0; i < count; i++) {
          rows.add(rowOf.apply(call.getKey(), read(in)));
        }
        in.expectEnd();
      } catch (ExecutionException e) {
        LOG.debug("node does not tell of its metrics node={}", call.getKey(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Cancellation.termination();
      }
    }
    return rows.iterator();
  }

  private List<Point> points(String name) {
    return name.isEmpty() ? own.now() : own.history(name);
  }

  private static Point read(WireReader in) {
    return new Point(
        in.readString(), in.readString(), in.readLong(), Double.longBitsToDouble(in.readLong()));
  }

  @Override
  public byte[] answer(byte[] question) {
    WireReader in = new WireReader(question);
    List<Point> points = points(in.readString());
    in.expectEnd();
    WireWriter out = new WireWriter(64 * points.size() + 16).putVarint(points.size());
    for (Point point : points) {
      out.putString(point.name())
          .putString(point.labels())
          .putLong(point.micros())
          .putLong(Double.doubleToRawLongBits(point.value()));
    }
    return out.toByteArray();
  }
}
