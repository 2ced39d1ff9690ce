package io.shardforge.server.security;

import io.shardforge.sql.ddl.ScramSecret;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677), in PostgreSQL's text
 * form.
 */
record ScramVerifier(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
  private static final Pattern FORM =
      Pattern.compile(
          "SCRAM-SHA-256\\$(\\d{1,9}):([A-Za-z0-9+/=]+)\\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)");

  static Optional<ScramVerifier> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Base64.Decoder base64 = Base64.getDecoder();
    return Optional.of(
        new ScramVerifier(
            Integer.parseInt(matcher.group(1)),
            base64.decode(matcher.group(2)),
            base64.decode(matcher.group(3)),
            base64.decode(matcher.group(4))));
  }

  /** Whether a password is the one that this was made of. */
  boolean isOf(String password) {
    return parse(ScramSecret.of(password, salt, iterations))
        .map(made -> MessageDigest.isEqual(made.storedKey, storedKey))
        .orElse(false);
  }
}
