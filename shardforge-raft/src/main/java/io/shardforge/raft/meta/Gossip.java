package io.shardforge.raft.meta;

import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.raft.proto.AddressBookMessage;
import io.shardforge.raft.route.AddressBook;
import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.NodeAddress;
import io.shardforge.raft.route.NodeIdentity;
import io.shardforge.raft.route.PeerDialer;
import io.shardforge.raft.route.RpcServices;
import io.shardforge.raft.route.Services;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.clock.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spreads announcements among nodes, without needing the cluster's tables: after a restart on other
 * ports the nodes that hold those tables have to find each other first.
 *
 * <p>At its start a node tells everybody whose address it knows or was told on the command line;
 * from then on it compares notes with everybody it knows now and then.
 */
public final class Gossip {
  private static final Logger log = LoggerFactory.getLogger(Gossip.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration CALL_TIME = Duration.ofSeconds(2);

  private final NodeIdentity identity;
  private final AddressBook book;
  private final List<HostPort> joinList;
  private final PeerDialer dialer;
  private final Clock clock;
  private final Set<HostPort> told = new HashSet<>();

  public Gossip(
      NodeIdentity identity,
      AddressBook book,
      List<HostPort> joinList,
      PeerDialer dialer,
      Clock clock) {
    this.identity = identity;
    this.book = book;
    this.joinList = List.copyOf(joinList);
    this.dialer = dialer;
    this.clock = clock;
  }

  /** Answers other nodes from now on. */
  public void register(RpcServices services, Executor executor) {
    services.register(Services.GOSSIP, executor, (_, payload) -> exchange(payload));
  }

  /** Compares notes for as long as the thread is not interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      boolean all = tellJoinList();
      for (NodeAddress node : book.all()) {
        if (node.nodeId() != identity.nodeId()) {
          all &= tell(node);
        }
      }
      clock.sleep(all ? PAUSE : told.size() < joinList.size() ? FIRST_PAUSE : PAUSE.dividedBy(5));
    }
  }

  /** Tells the nodes of the join list once each: an address there may be nobody's any more. */
  private boolean tellJoinList() throws InterruptedException {
    boolean all = true;
    for (HostPort address : joinList) {
      if (told.contains(address) || address.equals(identity.self().address().rpc())) {
        continue;
      }
      try {
        learn(
            dialer
                .callAddress(address, Services.GOSSIP, notes(), Deadline.after(clock, CALL_TIME))
                .get());
        told.add(address);
      } catch (ExecutionException e) {
        all = false;
        log.debug("gossip failed address={}", address, e.getCause());
      }
    }
    return all;
  }

  private boolean tell(NodeAddress node) throws InterruptedException {
    try {
      learn(
          dialer
              .call(node.nodeId(), Services.GOSSIP, notes(), Deadline.after(clock, CALL_TIME))
              .get());
      return true;
    } catch (ExecutionException e) {
      log.debug("gossip failed node={}", node.nodeId(), e.getCause());
      return false;
    }
  }

  private CompletableFuture<byte[]> exchange(byte[] payload) {
    learn(payload);
    return CompletableFuture.completedFuture(notes());
  }

  private byte[] notes() {
    AddressBookMessage.Builder message = AddressBookMessage.newBuilder();
    book.all().forEach(node -> message.addNodes(node.toMessage()));
    return message.build().toByteArray();
  }

  private void learn(byte[] notes) {
    try {
      AddressBookMessage.parseFrom(notes).getNodesList().stream()
          .map(NodeAddress::fromMessage)
          .forEach(book::learn);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not an address book: " + e.getMessage(), e);
    }
  }
}
