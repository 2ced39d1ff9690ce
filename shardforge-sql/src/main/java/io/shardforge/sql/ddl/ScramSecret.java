package io.shardforge.sql.ddl;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Turns a password into the SCRAM-SHA-256 verifier that is stored of it, in PostgreSQL's form. */
public final class ScramSecret {
  /** PostgreSQL's number of rounds. */
  static final int ITERATIONS = 4096;

  /** PostgreSQL's length of a salt. */
  public static final int SALT_BYTES = 16;

  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-256\\$\\d{1,9}:[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+");
  private static final Pattern MD5 = Pattern.compile("md5[0-9a-f]{32}");

  private ScramSecret() {}

  /** Whether what is given for a password is what is kept of one. */
  static boolean isVerifier(String password) {
    return VERIFIER.matcher(password).matches();
  }

  /** The verifier of a password; one that is a verifier already is kept. */
  public static String of(String password, Randomness randomness) {
    if (VERIFIER.matcher(password).matches()) {
      return password;
    }
    if (MD5.matcher(password).matches()) {
      throw DdlErrors.unsupported("MD5 password");
    }
    byte[] salt = new byte[SALT_BYTES];
    randomness.nextBytes(salt);
    return of(password, salt, ITERATIONS);
  }

  /** The verifier of a password with a salt and number of rounds. */
  public static String of(String password, byte[] salt, int iterations) {
    // SASLprep as far as passwords in use need it: compatibility composition.
    byte[] normalized =
        Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8);
    byte[] salted = saltedPassword(normalized, salt, iterations);
    byte[] storedKey = sha256(hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII)));
    byte[] serverKey = hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII));
    Base64.Encoder base64 = Base64.getEncoder();
    return "SCRAM-SHA-256$"
        + iterations
        + ":"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(storedKey)
        + ":"
        + base64.encodeToString(serverKey);
  }

  /** PBKDF2 with one block, as RFC 5802 calls it Hi(). */
  private static byte[] saltedPassword(byte[] password, byte[] salt, int iterations) {
    byte[] first = Arrays.copyOf(salt, salt.length + Integer.BYTES);
    first[first.length - 1] = 1;
    Mac mac = mac(password);
    byte[] u = mac.doFinal(first);
    byte[] result = u.clone();
    for (int i = 1; i < iterations; i++) {
      u = mac.doFinal(u);
      for (int j = 0; j < result.length; j++) {
        result[j] ^= u[j];
      }
    }
    return result;
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    return mac(key).doFinal(data);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      // An empty key is legal for HMAC but not for SecretKeySpec: a zero byte is the same key.
      mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "HmacSHA256 is missing", e);
    }
  }

  private static byte[] sha256(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(data);
    } catch (GeneralSecurityException e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "SHA-256 is missing", e);
    }
  }
}
