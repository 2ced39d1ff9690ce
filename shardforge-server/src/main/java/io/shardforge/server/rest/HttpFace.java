package io.shardforge.server.rest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.shardforge.raft.route.RefusalLog;
import io.shardforge.raft.route.TlsGate;
import io.shardforge.server.net.ClientTls;
import io.shardforge.server.net.WaitingRoom;
import io.shardforge.server.security.TlsPeer;
import io.shardforge.server.telemetry.AlertFile;
import io.shardforge.server.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for health, metrics, alert rules, the console's files and what the console asks
 * ({@link ConsoleApi}).
 */
public final class HttpFace extends ChannelInitializer<Channel> {
  /** Longest request body that is read before it is refused. */
  private static final int REQUEST_BYTES_MAX = 64 << 10;

  /** What a client hears that does not start with TLS where it must. */
  private static final String NOT_TLS =
      String.join(
          "\r\n",
          "HTTP/1.1 400 Bad Request",
          "Content-Type: text/plain",
          "Connection: close",
          "",
          "This port speaks HTTP with TLS: use https.\n");

  /** Pages load nothing from elsewhere, run no script of their own text, and are in no frame. */
  private static final String POLICY =
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private static final String API = "/api/";
  private static final String CONSOLE = "META-INF/resources/console";
  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json");

  private final Health health;
  private final Telemetry telemetry;
  private final ConsoleApi console;
  private final @Nullable ClientTls tls;
  private final RefusalLog refusals;
  private final WaitingRoom waiting;

  /** Tells whether the node is up and can serve. */
  public interface Health {
    /** Why the node cannot serve now, or null when it can. */
    @Nullable String whyNotReady();

    /** The node's facts as a JSON object, for people and scripts. */
    String describe();
  }

  /**
   * @param tls null for plain HTTP
   * @param refusals where it is said who was turned away
   */
  public HttpFace(
      Health health,
      Telemetry telemetry,
      ConsoleApi console,
      @Nullable ClientTls tls,
      RefusalLog refusals) {
    this.refusals = refusals;
    this.waiting = new WaitingRoom(HttpPatience.WAITING_MAX, refusals);
    this.health = health;
    this.telemetry = telemetry;
    this.console = console;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    HttpPatience patience = new HttpPatience(waiting);
    channel.pipeline().addLast(patience);
    if (tls != null) {
      channel
          .pipeline()
          .addLast(new TlsGate(NOT_TLS, refusals))
          .addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new HttpServerCodec())
        .addLast(new HttpObjectAggregator(REQUEST_BYTES_MAX))
        .addLast(new RequestHandler(patience));
  }

  private final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final HttpPatience patience;

    /** The answer before the next one: answers leave in the order of their requests. */
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

    RequestHandler(HttpPatience patience) {
      this.patience = patience;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
      CompletableFuture<FullHttpResponse> response = answer(context.channel(), request);
      if (response.isDone() && last.isDone()) {
        send(context, response.join(), keepAlive);
        return;
      }
      patience.busy(context);
      last =
          last.thenCombineAsync(
              response,
              (_, ready) -> {
                send(context, ready, keepAlive);
                return null;
              },
              context.executor());
    }

    private void send(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
      HttpUtil.setContentLength(response, response.content().readableBytes());
      HttpUtil.setKeepAlive(response, keepAlive);
      var written = context.writeAndFlush(response);
      if (!keepAlive) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
      patience.answered(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      String reason = TlsPeer.whyRefused(cause);
      if (reason != null) {
        refusals.refused(context.channel().remoteAddress(), reason);
      }
      var _ = context.close();
    }
  }

  private CompletableFuture<FullHttpResponse> answer(Channel channel, FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      refusals.refused(channel.remoteAddress(), "the request is not HTTP");
      return CompletableFuture.completedFuture(
          text(HttpResponseStatus.BAD_REQUEST, "the request is not HTTP\n"));
    }
    if (request.uri().startsWith(API)) {
      String path = request.uri().replaceFirst("[?].*", "");
      return console.answer(channel, path, request).thenApply(HttpFace::json);
    }
    return CompletableFuture.completedFuture(answer(request));
  }

  private FullHttpResponse answer(FullHttpRequest request) {
    boolean head = request.method().equals(HttpMethod.HEAD);
    if (!head && !request.method().equals(HttpMethod.GET)) {
      FullHttpResponse refused =
          text(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET is answered here\n");
      refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      return refused;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    String path;
    boolean readiness;
    try {
      path = uri.path();
      readiness = uri.parameters().containsKey("ready");
    } catch (IllegalArgumentException _) {
      return text(HttpResponseStatus.BAD_REQUEST, "the address is not well formed\n");
    }
    return switch (path) {
      case "/health" -> health(readiness);
      case "/metrics" ->
          response(
              HttpResponseStatus.OK,
              "text/plain; version=0.0.4; charset=utf-8",
              telemetry.scrape().getBytes(StandardCharsets.UTF_8));
      case "/alerts/rules.yml" -> shipped("application/yaml", AlertFile.RULES);
      case "/alerts/dashboard.json" -> shipped("application/json", AlertFile.DASHBOARD);
      default -> file(path);
    };
  }

  private static FullHttpResponse shipped(String contentType, AlertFile file) {
    return response(
        HttpResponseStatus.OK, contentType, file.text().getBytes(StandardCharsets.UTF_8));
  }

  private FullHttpResponse health(boolean readiness) {
    String reason = readiness ? health.whyNotReady() : null;
    if (reason != null) {
      return text(HttpResponseStatus.SERVICE_UNAVAILABLE, reason + "\n");
    }
    return response(
        HttpResponseStatus.OK,
        "application/json",
        (health.describe() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static FullHttpResponse file(String path) {
    String name = path.equals("/") ? "/index.html" : path;
    if (name.contains("..") || name.contains("//")) {
      return text(HttpResponseStatus.NOT_FOUND, "not found\n");
    }
    String type = CONTENT_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream in =
        type == null ? null : HttpFace.class.getClassLoader().getResourceAsStream(CONSOLE + name)) {
      return in == null
          ? text(HttpResponseStatus.NOT_FOUND, "not found\n")
          : response(HttpResponseStatus.OK, Objects.requireNonNull(type), in.readAllBytes());
    } catch (IOException e) {
      return text(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the file cannot be read\n");
    }
  }

  private static FullHttpResponse json(ConsoleApi.Answer answer) {
    FullHttpResponse response =
        response(
            answer.status(),
            "application/json",
            answer.body().toString().getBytes(StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (answer.cookie() != null) {
      response.headers().set(HttpHeaderNames.SET_COOKIE, answer.cookie());
    }
    return response;
  }

  private static FullHttpResponse text(HttpResponseStatus status, String body) {
    return response(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  private static FullHttpResponse response(
      HttpResponseStatus status, String contentType, byte[] body) {
    ByteBuf content = Unpooled.wrappedBuffer(body);
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, contentType)
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY")
        .set("X-Content-Type-Options", "nosniff")
        .set("Referrer-Policy", "no-referrer");
    return response;
  }
}
