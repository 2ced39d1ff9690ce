package io.shardforge.server.security;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One line of the access rules: which logins it is about, and how they prove who they are.
 *
 * @param line where it stands in its file, 0 for rules that stand in none
 * @param address null for every address
 * @param options as they are written
 */
public record AccessRule(
    int line,
    Transport transport,
    List<Name> databases,
    List<Name> users,
    @Nullable Address address,
    Method method,
    ClientCertificate certificate,
    List<String> options) {
  /** How a connection comes. */
  public enum Transport {
    /** Through a Unix socket, which this server does not have: such rules apply to nobody. */
    LOCAL,
    HOST,
    HOSTSSL,
    HOSTNOSSL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a client proves who it is. */
  public enum Method {
    TRUST("trust"),
    REJECT("reject"),
    SCRAM("scram-sha-256"),
    /** PostgreSQL's name for any hashed password; all those here are for SCRAM. */
    MD5("md5"),
    /** The password itself, as a text. */
    PASSWORD("password"),
    CERTIFICATE("cert");

    private final String word;

    Method(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    /** Whether a password proves who a client is, however it is sent. */
    public boolean asksPassword() {
      return this == SCRAM || this == MD5 || this == PASSWORD;
    }

    static Optional<Method> of(String word) {
      for (Method method : values()) {
        if (method.word.equals(word)) {
          return Optional.of(method);
        }
      }
      return Optional.empty();
    }
  }

  /** What a certificate of the client has to say. */
  public enum ClientCertificate {
    NOT_NEEDED,
    /** That the authority knows its holder. */
    KNOWN,
    /** And that the holder's common name is the user's. */
    OF_USER
  }

  /** A name or, unless it was quoted, a word with a meaning such as {@code all}. */
  public record Name(String text, boolean quoted) {
    private boolean means(String word) {
      return !quoted && text.equals(word);
    }
  }

  /** The addresses that a rule is for. */
  public sealed interface Address {
    /** A network. */
    record Network(AddressRange range) implements Address {}

    /** This machine's own addresses. */
    record SameHost() implements Address {}

    /** Networks that this machine is in. */
    record SameNetwork() implements Address {}
  }

  /** Who wants in, and from where. */
  public record Login(String user, String database, InetAddress remote, boolean encrypted) {}

  public AccessRule {
    databases = List.copyOf(databases);
    users = List.copyOf(users);
    options = List.copyOf(options);
  }

  /** The address, or the word in its place; null for Unix sockets. */
  public @Nullable String addressText() {
    return switch (address) {
      case null -> transport == Transport.LOCAL ? null : "all";
      case Address.Network network -> network.range().address();
      case Address.SameHost _ -> "samehost";
      case Address.SameNetwork _ -> "samenet";
    };
  }

  /** The mask of a network, else null. */
  public @Nullable String maskText() {
    return address instanceof Address.Network network ? network.range().mask() : null;
  }

  /** A rule for everybody. */
  static AccessRule forAll(Method method) {
    List<Name> all = List.of(new Name("all", false));
    return new AccessRule(
        0, Transport.HOST, all, all, null, method, ClientCertificate.NOT_NEEDED, List.of());
  }

  /**
   * Whether it is this rule that decides about a login.
   *
   * @param memberOf whether a user is a member of a role
   */
  boolean covers(Login login, BiPredicate<String, String> memberOf) {
    return comes(login)
        && databases.stream().anyMatch(name -> isDatabase(name, login, memberOf))
        && users.stream().anyMatch(name -> isUser(name, login, memberOf));
  }

  private boolean comes(Login login) {
    boolean right =
        switch (transport) {
          case LOCAL -> false;
          case HOST -> true;
          case HOSTSSL -> login.encrypted();
          case HOSTNOSSL -> !login.encrypted();
        };
    return right
        && switch (address) {
          case null -> true;
          case Address.Network network -> network.range().contains(login.remote());
          case Address.SameHost _ ->
              ownNetworks(own -> new AddressRange(own.network(), own.network().length * 8))
                  .test(login.remote());
          case Address.SameNetwork _ -> ownNetworks(own -> own).test(login.remote());
        };
  }

  private static Predicate<InetAddress> ownNetworks(UnaryOperator<AddressRange> part) {
    return remote -> OwnNetworks.read().stream().anyMatch(own -> part.apply(own).contains(remote));
  }

  private static boolean isDatabase(Name name, Login login, BiPredicate<String, String> memberOf) {
    if (name.means("all")) {
      return true;
    }
    if (name.means("sameuser")) {
      return login.user().equals(login.database());
    }
    if (name.means("samerole") || name.means("samegroup")) {
      return memberOf.test(login.user(), login.database());
    }
    // Connections for replication, which there are none of.
    return !name.means("replication") && name.text().equals(login.database());
  }

  private static boolean isUser(Name name, Login login, BiPredicate<String, String> memberOf) {
    if (name.means("all")) {
      return true;
    }
    if (!name.quoted() && name.text().startsWith("+")) {
      return memberOf.test(login.user(), name.text().substring(1));
    }
    return name.text().equals(login.user());
  }
}
