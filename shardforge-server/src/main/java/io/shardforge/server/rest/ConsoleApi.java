package io.shardforge.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.server.pgwire.ConnectionRegistry;
import io.shardforge.server.security.AccessRule;
import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.Authenticator;
import io.shardforge.server.security.TlsPeer;
import io.shardforge.sql.session.AuditLog;
import io.shardforge.sql.session.Notice;
import io.shardforge.sql.session.Notification;
import io.shardforge.sql.session.Session;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.sql.session.SessionListener;
import io.shardforge.storage.clock.Clock;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the console asks of a node, as JSON:
 *
 * <pre>
 *   POST /api/login  {"user", "password"}   a cookie, if the access rules let the user in by password
 *   POST /api/logout {}
 *   GET  /api/whoami                        {"user", "superuser"}; {"user": null} for who is not logged in
 *   POST /api/sql    {@link SqlRequest}     with the rights of the role that is logged in
 * </pre>
 *
 * The console can do no more than its user could do with psql. Requests run on threads of their
 * own, never on the event loop.
 */
public final class ConsoleApi {
  /** Requests that run at once; the next ones are answered 503. */
  static final int REQUESTS_MAX = 32;

  /** How long one statement of the console may take. */
  static final String STATEMENT_TIMEOUT = "30s";

  static final String COOKIE = "shardforge_console";

  private static final String DATABASE = "postgres";
  private static final Logger log = LoggerFactory.getLogger(ConsoleApi.class);

  private final Authenticator authenticator;
  private final ConsoleLogins logins;
  private final ThreadFactory threads;
  private final Clock clock;
  private final RefusalLog refusals;
  private final Semaphore running = new Semaphore(REQUESTS_MAX);
  private volatile @Nullable Service service;

  private record Service(SessionFactory sessions, ConnectionRegistry registry) {}

  /** What is answered, and the cookie that goes with it. */
  record Answer(HttpResponseStatus status, ObjectNode body, @Nullable String cookie) {
    static Answer of(ObjectNode body) {
      return new Answer(HttpResponseStatus.OK, body, null);
    }

    static Answer refused(HttpResponseStatus status, ErrorCode code, String message) {
      return refused(status, new ShardForgeException(code, message));
    }

    static Answer refused(HttpResponseStatus status, ShardForgeException error) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.set("error", SqlRequest.error(error));
      return new Answer(status, body, null);
    }
  }

  /** Where a request comes from and over what. */
  private record Origin(
      InetSocketAddress remote,
      InetSocketAddress local,
      @Nullable TlsPeer tls,
      @Nullable String token,
      String host) {
    /**
     * Whether the browser found this node by a name that others may give it: a page of theirs would
     * count as ours then (DNS rebinding).
     */
    boolean named() {
      String name = host.replaceFirst(":\\d+$", "");
      return !name.equals("localhost")
          && !NetUtil.isValidIpV4Address(name)
          && !(name.startsWith("[") && NetUtil.isValidIpV6Address(name));
    }
  }

  /**
   * @param threads makes the thread of each request
   * @param refusals where it is said who was turned away
   */
  public ConsoleApi(
      Authenticator authenticator,
      ThreadFactory threads,
      SecureRandom random,
      Clock clock,
      RefusalLog refusals) {
    this.refusals = refusals;
    this.authenticator = authenticator;
    this.logins = new ConsoleLogins(clock, random);
    this.threads = threads;
    this.clock = clock;
  }

  /** From now on there is a cluster to ask. */
  public void serve(SessionFactory sessions, ConnectionRegistry registry) {
    service = new Service(sessions, registry);
  }

  /** Answers a request to a path below /api/, later and on another thread. */
  CompletableFuture<Answer> answer(Channel channel, String path, FullHttpRequest request) {
    Service serving = service;
    if (serving == null) {
      return done(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          ErrorCode.CANNOT_CONNECT_NOW,
          "the database system is starting up");
    }
    boolean reads = path.equals("/api/whoami");
    if (!request.method().equals(reads ? HttpMethod.GET : HttpMethod.POST)) {
      return done(
          HttpResponseStatus.METHOD_NOT_ALLOWED,
          ErrorCode.INVALID_PARAMETER_VALUE,
          "%s is asked with %s".formatted(path, reads ? "GET" : "POST"));
    }
    if (!reads && !isOwn(request)) {
      refusals.refused(channel.remoteAddress(), "the request is not of a page of this node");
      return done(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.INSUFFICIENT_PRIVILEGE,
          "requests are JSON and come from this node's own pages");
    }
    if (channel.remoteAddress() instanceof InetSocketAddress remote
        && channel.localAddress() instanceof InetSocketAddress local) {
      if (!running.tryAcquire()) {
        return done(
            HttpResponseStatus.SERVICE_UNAVAILABLE,
            ErrorCode.TOO_MANY_CONNECTIONS,
            "%d requests are running already".formatted(REQUESTS_MAX));
      }
      Origin origin =
          new Origin(
              remote,
              local,
              tls(channel),
              token(request),
              request.headers().get(HttpHeaderNames.HOST, ""));
      byte[] body = new byte[request.content().readableBytes()];
      request.content().readBytes(body);
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      threads
          .newThread(() -> {
            try {
              answer.complete(guarded(() -> answer(serving, channel, path, origin, body)));
            } finally {
              running.release();
            }
          })
          .start();
      return answer;
    }
    return done(HttpResponseStatus.BAD_REQUEST, ErrorCode.CONNECTION_FAILURE, "the client is gone");
  }

  private static CompletableFuture<Answer> done(
      HttpResponseStatus status, ErrorCode code, String message) {
    return CompletableFuture.completedFuture(Answer.refused(status, code, message));
  }

  /**
   * Whether a request that changes something was made by a page of this node: browsers let other
   * pages send neither JSON nor another Origin than their own.
   */
  private static boolean isOwn(FullHttpRequest request) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    if (!type.equals("application/json") && !type.startsWith("application/json;")) {
      return false;
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin == null) {
      return true;
    }
    try {
      return request
          .headers()
          .get(HttpHeaderNames.HOST, "")
          .equals(URI.create(origin).getAuthority());
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static @Nullable TlsPeer tls(Channel channel) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    return handler == null ? null : new TlsPeer(handler.engine().getSession());
  }

  private static @Nullable String token(FullHttpRequest request) {
    for (Cookie cookie :
        ServerCookieDecoder.STRICT.decode(request.headers().get(HttpHeaderNames.COOKIE, ""))) {
      if (cookie.name().equals(COOKIE)) {
        return cookie.value();
      }
    }
    return null;
  }

  private interface Work {
    Answer run();
  }

  private static Answer guarded(Work work) {
    try {
      return work.run();
    } catch (ShardForgeException e) {
      return Answer.refused(status(e.code()), e);
    } catch (RuntimeException e) {
      log.error("request failed", e);
      return Answer.refused(
          HttpResponseStatus.INTERNAL_SERVER_ERROR, ErrorCode.INTERNAL_ERROR, "internal error");
    }
  }

  private static HttpResponseStatus status(ErrorCode code) {
    return switch (code.sqlStateClass()) {
      case "28" -> HttpResponseStatus.UNAUTHORIZED;
      case "42" -> HttpResponseStatus.FORBIDDEN;
      case "22" -> HttpResponseStatus.BAD_REQUEST;
      case "XX" -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
      default -> HttpResponseStatus.SERVICE_UNAVAILABLE;
    };
  }

  private Answer answer(Service serving, Channel channel, String path, Origin origin, byte[] body) {
    if (path.equals("/api/login")) {
      return login(serving, origin, SqlRequest.tree(body));
    }
    if (path.equals("/api/logout")) {
      logins.remove(origin.token());
      return new Answer(
          HttpResponseStatus.OK,
          JsonNodeFactory.instance.objectNode(),
          cookie("", 0, origin.tls() != null));
    }
    ConsoleLogins.Login login = logins.find(origin.token());
    if (login == null || !login.isOf(serving.sessions().passwordVerifier(login.user()))) {
      logins.remove(origin.token());
      if (path.equals("/api/whoami")) {
        return Answer.of(JsonNodeFactory.instance.objectNode().putNull("user"));
      }
      refusals.refused(origin.remote(), "nobody is logged in, or not any more");
      return Answer.refused(
          HttpResponseStatus.UNAUTHORIZED,
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
          "nobody is logged in");
    }
    return switch (path) {
      case "/api/whoami" ->
          inSession(
              serving,
              channel,
              origin,
              login.user(),
              DATABASE,
              session -> who(session, login.user()));
      case "/api/sql" -> {
        SqlRequest request = SqlRequest.parse(body);
        yield inSession(
            serving,
            channel,
            origin,
            login.user(),
            request.database(),
            session -> Answer.of(request.run(session, clock)));
      }
      default ->
          Answer.refused(
              HttpResponseStatus.NOT_FOUND, ErrorCode.INVALID_PARAMETER_VALUE, "not found");
    };
  }

  private Answer login(Service serving, Origin origin, JsonNode credentials) {
    String user = credentials.path("user").asText("");
    String password = credentials.path("password").asText("");
    try {
      return login(serving, origin, user, password);
    } catch (ShardForgeException e) {
      AuditLog.refused(user, DATABASE, origin.remote(), e);
      throw e;
    }
  }

  private Answer login(Service serving, Origin origin, String user, String password) {
    SessionFactory sessions = serving.sessions();
    String verifier = sessions.passwordVerifier(user);
    Login login = new Login(user, DATABASE, origin.remote().getAddress(), origin.tls() != null);
    AccessRule rule = authenticator.rule(login, sessions::isMember);
    authenticator.requireCertificate(rule, user, origin.tls());
    if (rule.method().asksPassword()) {
      authenticator.throttled(login, () -> authenticator.requirePassword(user, verifier, password));
    } else if (origin.named()) {
      throw new ShardForgeException(
              ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
              "without a password the console is reached by an IP address or localhost only")
          .withHint("Give the role a password, or open the address of the node itself.");
    }
    return inSession(
        serving,
        null,
        origin,
        user,
        DATABASE,
        session -> {
          AuditLog.loggedIn(session);
          String token = logins.add(user, verifier);
          Answer who = who(session, user);
          return new Answer(
              who.status(),
              who.body(),
              cookie(token, ConsoleLogins.AGE_MAX.toSeconds(), origin.tls() != null));
        });
  }

  private static Answer who(Session session, String user) {
    return Answer.of(
        JsonNodeFactory.instance
            .objectNode()
            .put("user", user)
            .put("superuser", session.isSuperuser()));
  }

  private static String cookie(String token, long maxAgeSeconds, boolean encrypted) {
    DefaultCookie cookie = new DefaultCookie(COOKIE, token);
    cookie.setHttpOnly(true);
    cookie.setSameSite(CookieHeaderNames.SameSite.Strict);
    cookie.setPath("/");
    cookie.setSecure(encrypted);
    cookie.setMaxAge(maxAgeSeconds);
    return ServerCookieEncoder.STRICT.encode(cookie);
  }

  private interface SessionWork {
    Answer run(Session session);
  }

  /**
   * Runs work in a session of a role.
   *
   * @param channel the client, whose end ends the session; null where the work is short
   */
  private static Answer inSession(
      Service serving,
      @Nullable Channel channel,
      Origin origin,
      String user,
      String database,
      SessionWork work) {
    ConnectionRegistry registry = serving.registry();
    ConnectionRegistry.Entry entry = registry.admit(32);
    try (Session session =
        serving
            .sessions()
            .open(
                new SessionFactory.Client(
                    entry.processId(),
                    user,
                    database,
                    Map.of(
                        "application_name",
                        "ShardForge console",
                        "statement_timeout",
                        STATEMENT_TIMEOUT),
                    origin.remote().getAddress().getHostAddress(),
                    origin.remote().getPort(),
                    origin.local().getAddress().getHostAddress(),
                    origin.local().getPort(),
                    origin.tls() == null ? null : origin.tls().encryption()),
                Unheard.INSTANCE)) {
      if (!session.isSuperuser()) {
        registry.requireUnreservedSlot();
      }
      entry.attach(session);
      GenericFutureListener<Future<Void>> end = _ -> session.terminate();
      if (channel != null) {
        channel.closeFuture().addListener(end);
      }
      try {
        return work.run(session);
      } finally {
        if (channel != null) {
          channel.closeFuture().removeListener(end);
        }
      }
    } finally {
      registry.release(entry);
    }
  }

  /** Notices are not shown over HTTP, where each session lasts for a request. */
  private enum Unheard implements SessionListener {
    INSTANCE;

    @Override
    public void notice(Notice notice) {}

    @Override
    public void settingChanged(String name, String value) {}

    @Override
    public void notified(Notification notification) {}

    @Override
    public void wake() {}
  }
}
