package io.shardforge.storage.backup;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The encryption of one backup: AES-256-GCM under a key that is made of a passphrase and the
 * backup's own salt. Immutable.
 */
public final class BackupCipher {
  public static final int SALT_BYTES = 16;
  static final int NONCE_BYTES = 12;

  private static final int KEY_BITS = 256;
  private static final int TAG_BITS = 128;

  /** What OWASP asks of PBKDF2 with SHA-256; part of the format. */
  private static final int ITERATIONS = 600_000;

  private final byte[] key;
  private final byte[] salt;

  private BackupCipher(byte[] key, byte[] salt) {
    this.key = key.clone();
    this.salt = salt.clone();
  }

  /** Takes a second or so of a processor, which is the point of it. */
  public static BackupCipher ofPassphrase(String passphrase, byte[] salt) {
    try {
      PBEKeySpec spec = new PBEKeySpec(passphrase.toCharArray(), salt, ITERATIONS, KEY_BITS);
      byte[] key =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return new BackupCipher(key, salt);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("PBKDF2 is not there", e);
    }
  }

  /** The same from what {@link #key} and {@link #salt} told. */
  public static BackupCipher ofKey(byte[] key, byte[] salt) {
    return new BackupCipher(key, salt);
  }

  public byte[] key() {
    return key.clone();
  }

  public byte[] salt() {
    return salt.clone();
  }

  /** Encrypts; the header is not, but must be the same to decrypt. */
  byte[] seal(byte[] plain, byte[] nonce, byte[] header) {
    try {
      return run(Cipher.ENCRYPT_MODE, plain, nonce, header);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not there", e);
    }
  }

  /** Decrypts; 28P01 if it was encrypted with another key. */
  byte[] open(byte[] sealed, byte[] nonce, byte[] header) {
    try {
      return run(Cipher.DECRYPT_MODE, sealed, nonce, header);
    } catch (AEADBadTagException e) {
      throw new ShardForgeException(
          ErrorCode.INVALID_PASSWORD, "backup is encrypted with another passphrase");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not there", e);
    }
  }

  private byte[] run(int mode, byte[] input, byte[] nonce, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    return cipher.doFinal(input);
  }
}
