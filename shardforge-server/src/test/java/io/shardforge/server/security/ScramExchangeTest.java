package io.shardforge.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** The exchange of RFC 7677, section 3, and what must not get through. */
class ScramExchangeTest {
  private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
  private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String CLIENT_FINAL =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
          + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  private static ScramVerifier verifier(String password) throws Exception {
    byte[] salt = Base64.getDecoder().decode(SALT);
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 4096, 256))
            .getEncoded();
    byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
    return new ScramVerifier(4096, salt, storedKey, hmac(salted, "Server Key"));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void followsTheExampleOfTheRfc() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pencil"), true, SERVER_NONCE);
    assertThat(exchange.first(CLIENT_FIRST))
        .isEqualTo("r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE + ",s=" + SALT + ",i=4096");
    assertThat(exchange.last(CLIENT_FINAL, "user"))
        .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void refusesAWrongPassword() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pen"), true, SERVER_NONCE);
    exchange.first(CLIENT_FIRST);
    assertThatThrownBy(() -> exchange.last(CLIENT_FINAL, "user"))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PASSWORD));
  }

  @Test
  void refusesARoleWithoutPasswordEvenWithAProofThatFits() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pencil"), false, SERVER_NONCE);
    exchange.first(CLIENT_FIRST);
    assertThatThrownBy(() -> exchange.last(CLIENT_FINAL, "user"))
        .isInstanceOf(ShardForgeException.class)
        .hasMessage("password authentication failed for user \"user\"");
  }

  @Test
  void refusesAForeignNonce() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pencil"), true, "other");
    exchange.first(CLIENT_FIRST);
    assertThatThrownBy(() -> exchange.last(CLIENT_FINAL, "user"))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
  }

  @Test
  void readsThePostgresFormOfAVerifier() {
    assertThat(ScramVerifier.parse("SCRAM-SHA-256$4096:" + SALT + "$AAAA:BBBB")).isPresent();
    assertThat(ScramVerifier.parse("md5abcdef")).isEmpty();
  }
}
