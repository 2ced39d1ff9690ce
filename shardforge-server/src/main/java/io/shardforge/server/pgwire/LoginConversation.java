package io.shardforge.server.pgwire;

import io.shardforge.server.security.AccessRule;
import io.shardforge.server.security.AccessRule.Login;
import io.shardforge.server.security.Authenticator;
import io.shardforge.server.security.ScramExchange;
import io.shardforge.server.security.TlsPeer;
import io.shardforge.sql.session.ClientGoneException;
import io.shardforge.sql.session.SessionFactory;
import io.shardforge.storage.clock.Deadline;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How one client proves who it is, as the access rule for it wants; on the connection's thread. */
final class LoginConversation {
  private final Authenticator authenticator;
  private final SessionFactory sessions;
  private final Inbox inbox;
  private final Outbox outbox;
  private final PgEncoder encoder;

  LoginConversation(
      Authenticator authenticator, SessionFactory sessions, Inbox inbox, Outbox outbox) {
    this.authenticator = authenticator;
    this.sessions = sessions;
    this.inbox = inbox;
    this.outbox = outbox;
    this.encoder = outbox.encoder();
  }

  /**
   * Returns when the client has proved it; 28000 or 28P01 if it may not come in.
   *
   * @param tls null for a connection without TLS
   */
  void hold(Login login, @Nullable TlsPeer tls) {
    AccessRule rule = authenticator.rule(login, sessions::isMember);
    authenticator.requireCertificate(rule, login.user(), tls);
    switch (rule.method()) {
      case TRUST, CERTIFICATE -> {}
      case PASSWORD -> authenticator.throttled(login, () -> password(login.user()));
      case SCRAM, MD5 -> authenticator.throttled(login, () -> scram(login.user(), tls));
      case REJECT -> throw new IllegalStateException("a rule that rejects lets nobody through");
    }
  }

  private void password(String user) {
    encoder.authenticationCleartextPassword();
    outbox.flush();
    byte[] body = body();
    int end = body.length > 0 && body[body.length - 1] == 0 ? body.length - 1 : body.length;
    authenticator.requirePassword(
        user, sessions.passwordVerifier(user), new String(body, 0, end, StandardCharsets.UTF_8));
  }

  private void scram(String user, @Nullable TlsPeer tls) {
    ScramExchange exchange =
        authenticator.begin(
            user, sessions.passwordVerifier(user), tls == null ? null : tls.serverEndPoint());
    encoder.authenticationSasl(exchange.mechanisms());
    outbox.flush();
    String initial = text(body());
    int nameEnd = initial.indexOf('\0');
    if (nameEnd < 0 || initial.length() < nameEnd + 5) {
      throw new ShardForgeException(
          ErrorCode.PROTOCOL_VIOLATION, "malformed SASLInitialResponse message");
    }
    encoder.authenticationSaslContinue(
        exchange.first(initial.substring(0, nameEnd), initial.substring(nameEnd + 5)));
    outbox.flush();
    encoder.authenticationSaslFinal(exchange.last(text(body()), user));
  }

  private byte[] body() {
    FrontendMessage message = inbox.take(Deadline.never(), () -> false);
    return switch (message) {
      case FrontendMessage.Password password -> password.body();
      case FrontendMessage.Disconnected _ -> throw new ClientGoneException();
      case FrontendMessage.Terminate _ -> throw new ClientGoneException();
      case null, default ->
          throw new ShardForgeException(
              ErrorCode.PROTOCOL_VIOLATION, "expected password response, got another message");
    };
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.ISO_8859_1);
  }
}
