package io.shardforge.server.alert;

import io.shardforge.server.config.AlertConfig;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** Sends alerts by e-mail, one for all that there is to tell. */
final class MailReceiver implements AlertReceiver {
  static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final int SUBJECT_NAMES_MAX = 5;

  private final AlertConfig.Mail config;
  private final String console;
  private final Session session;

  /**
   * A receiver.
   *
   * @param console where people find the console of this node
   */
  MailReceiver(AlertConfig.Mail config, String console) {
    this(config, console, new Properties());
  }

  /** The same with further properties of the library, such as which certificates are trusted. */
  MailReceiver(AlertConfig.Mail config, String console, Properties further) {
    this.config = config;
    this.console = console;
    Properties properties = new Properties();
    properties.putAll(further);
    String protocol = config.security() == AlertConfig.MailSecurity.TLS ? "smtps" : "smtp";
    properties.setProperty("mail.transport.protocol", protocol);
    String prefix = "mail." + protocol + ".";
    properties.setProperty(prefix + "connectiontimeout", Long.toString(CONNECT_MAX.toMillis()));
    properties.setProperty(prefix + "timeout", Long.toString(ANSWER_MAX.toMillis()));
    properties.setProperty(prefix + "writetimeout", Long.toString(ANSWER_MAX.toMillis()));
    properties.setProperty(prefix + "auth", Boolean.toString(config.user() != null));
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    boolean upgrade = config.security() == AlertConfig.MailSecurity.STARTTLS;
    properties.setProperty(prefix + "starttls.enable", Boolean.toString(upgrade));
    properties.setProperty(prefix + "starttls.required", Boolean.toString(upgrade));
    this.session = Session.getInstance(properties);
  }

  @Override
  public String name() {
    return "e-mail";
  }

  @Override
  public String tell(List<Alert> alerts) throws IOException {
    try {
      MimeMessage message = new MimeMessage(session);
      message.setFrom(new InternetAddress(config.from()));
      for (String to : config.to()) {
        message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
      }
      message.setSubject(subject(alerts), StandardCharsets.UTF_8.name());
      message.setText(text(alerts), StandardCharsets.UTF_8.name());
      message.setSentDate(Date.from(when(newest(alerts))));
      message.saveChanges();
      try (Transport transport = session.getTransport()) {
        transport.connect(config.host(), config.port(), config.user(), config.password());
        transport.sendMessage(message, message.getAllRecipients());
      }
      return "sent to " + String.join(", ", config.to());
    } catch (AuthenticationFailedException e) {
      // What the server says about it may repeat what it was told.
      throw new IOException(config.host() + ": the login was refused", e);
    } catch (MessagingException e) {
      throw new IOException(config.host() + ": " + e.getMessage(), e);
    }
  }

  private static String subject(List<Alert> alerts) {
    long firing = alerts.stream().filter(alert -> alert.state() == Alert.State.FIRING).count();
    String names =
        alerts.stream()
            .map(Alert::name)
            .distinct()
            .limit(SUBJECT_NAMES_MAX)
            .collect(Collectors.joining(", "));
    return "[ShardForge] %d firing, %d resolved: %s"
        .formatted(firing, alerts.size() - firing, names);
  }

  private String text(List<Alert> alerts) {
    StringBuilder text = new StringBuilder();
    for (Alert alert : alerts) {
      text.append(alert.state() == Alert.State.FIRING ? "FIRING   " : "RESOLVED ")
          .append(alert.name())
          .append(" (")
          .append(alert.severity())
          .append(")\n  ")
          .append(alert.summary())
          .append("\n  since ")
          .append(when(alert.sinceMicros()));
      if (alert.endedMicros() > 0) {
        text.append(" until ").append(when(alert.endedMicros()));
      }
      text.append("\n\n");
    }
    return text.append(console).append("/#/alerts\n").toString();
  }

  private static long newest(List<Alert> alerts) {
    return alerts.stream()
        .mapToLong(alert -> Math.max(alert.firedMicros(), alert.endedMicros()))
        .max()
        .orElse(0);
  }

  private static Instant when(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
  }
}
