package io.shardforge.server.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of alerts.
 *
 * @param webhook where they are posted, or null
 * @param webhookToken what proves there who posts, or null
 * @param mail how they are sent by e-mail, or null
 */
public record AlertConfig(
    @Nullable URI webhook, @Nullable String webhookToken, @Nullable Mail mail) {
  /** Nobody is. */
  public static final AlertConfig NONE = new AlertConfig(null, null, null);

  /** How the connection to a mail server is protected. */
  public enum MailSecurity {
    /** It begins in plain and must be made secure before anything is said. */
    STARTTLS,
    /** TLS from its first byte. */
    TLS,
    /** Not at all. */
    NONE
  }

  /**
   * E-mail.
   *
   * @param user to log in as, or null to send without
   */
  public record Mail(
      String host,
      int port,
      MailSecurity security,
      @Nullable String user,
      @Nullable String password,
      String from,
      List<String> to) {
    public Mail {
      to = List.copyOf(to);
    }

    /** Never shows the password. */
    @Override
    public String toString() {
      return "Mail[host=%s, port=%d, security=%s, user=%s, from=%s, to=%s]"
          .formatted(host, port, security, user, from, to);
    }
  }

  /** Never shows the token, nor what of the address may be a secret. */
  @Override
  public String toString() {
    return "AlertConfig[webhook=%s, mail=%s]"
        .formatted(webhook == null ? null : webhook.getHost(), mail);
  }
}
