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
    ScramExchange exchange = new ScramExchange(verifier("pencil"), true, SERVER_NONCE, null);
    assertThat(exchange.first(ScramExchange.MECHANISM, CLIENT_FIRST))
        .isEqualTo("r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE + ",s=" + SALT + ",i=4096");
    assertThat(exchange.last(CLIENT_FINAL, "user"))
        .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @Test
  void refusesAWrongPassword() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pen"), true, SERVER_NONCE, null);
    exchange.first(ScramExchange.MECHANISM, CLIENT_FIRST);
    assertThatThrownBy(() -> exchange.last(CLIENT_FINAL, "user"))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PASSWORD));
  }

  @Test
  void refusesARoleWithoutPasswordEvenWithAProofThatFits() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pencil"), false, SERVER_NONCE, null);
    exchange.first(ScramExchange.MECHANISM, CLIENT_FIRST);
    assertThatThrownBy(() -> exchange.last(CLIENT_FINAL, "user"))
        .isInstanceOf(ShardForgeException.class)
        .hasMessage("password authentication failed for user \"user\"");
  }

  @Test
  void refusesAForeignNonce() throws Exception {
    ScramExchange exchange = new ScramExchange(verifier("pencil"), true, "other", null);
    exchange.first(ScramExchange.MECHANISM, CLIENT_FIRST);
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

  private static ScramExchange bound() throws Exception {
    return new ScramExchange(verifier("pencil"), true, SERVER_NONCE, new byte[] {1, 2, 3});
  }

  @Test
  void offersToBindOnlyWhatCanBeBound() throws Exception {
    assertThat(bound().mechanisms())
        .containsExactly(ScramExchange.BOUND_MECHANISM, ScramExchange.MECHANISM);
    ScramExchange unbound = new ScramExchange(verifier("pencil"), true, SERVER_NONCE, null);
    assertThat(unbound.mechanisms()).containsExactly(ScramExchange.MECHANISM);
    assertThatThrownBy(
            () -> unbound.first(ScramExchange.BOUND_MECHANISM, "p=tls-server-end-point,,n=,r=abc"))
        .hasMessageContaining("invalid SASL authentication mechanism");
  }

  @Test
  void refusesWhoWasMadeBelieveThatNothingCanBeBound() throws Exception {
    ScramExchange exchange = bound();
    assertThatThrownBy(() -> exchange.first(ScramExchange.MECHANISM, "y,,n=,r=abc"))
        .hasMessageContaining("channel binding negotiation error");
    assertThat(bound().first(ScramExchange.MECHANISM, "n,,n=,r=abc")).startsWith("r=abc");
  }

  @Test
  void refusesWhatIsBoundToAnotherConnection() throws Exception {
    ScramExchange exchange = bound();
    exchange.first(ScramExchange.BOUND_MECHANISM, "p=tls-server-end-point,,n=,r=abc");
    String other =
        Base64.getEncoder()
            .encodeToString("p=tls-server-end-point,,xyz".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(
            () -> exchange.last("c=" + other + ",r=abc" + SERVER_NONCE + ",p=AAAA", "user"))
        .hasMessageContaining("malformed SCRAM message");
  }
}
