package io.shardforge.storage.backup;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The form of every file of a backup: a header, the content, compressed and perhaps encrypted, and
 * the SHA-256 of all that comes before it.
 *
 * <pre>
 * "SFBK" | format 1 | kind 1 | encrypted 1 | salt 16 | nonce 12 | length of content 4
 *        | length of body 4 | body | SHA-256 32
 * </pre>
 */
public final class BackupFile {
  private static final byte[] MAGIC = {'S', 'F', 'B', 'K'};
  private static final int FORMAT = 1;
  private static final int HEADER_BYTES =
      MAGIC.length + 3 + BackupCipher.SALT_BYTES + BackupCipher.NONCE_BYTES + 2 * Integer.BYTES;
  private static final int SUM_BYTES = 32;

  /** What a file holds; codes are stored and never change. */
  public enum Kind {
    CHUNK(1),
    MANIFEST(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private BackupFile() {}

  /**
   * Makes a file.
   *
   * @param cipher null for one that anybody can read
   * @param nonce {@link BackupCipher#NONCE_BYTES} that no other file of the backup has
   */
  public static byte[] seal(
      Kind kind, byte[] content, @Nullable BackupCipher cipher, byte[] nonce) {
    byte[] packed = deflate(content);
    int tag = cipher == null ? 0 : 16;
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .put(MAGIC)
            .put((byte) FORMAT)
            .put((byte) kind.code)
            .put((byte) (cipher == null ? 0 : 1))
            .put(cipher == null ? new byte[BackupCipher.SALT_BYTES] : cipher.salt())
            .put(cipher == null ? new byte[BackupCipher.NONCE_BYTES] : nonce)
            .putInt(content.length)
            .putInt(packed.length + tag)
            .array();
    byte[] body = cipher == null ? packed : cipher.seal(packed, nonce, header);
    byte[] file = new byte[HEADER_BYTES + body.length + SUM_BYTES];
    System.arraycopy(header, 0, file, 0, HEADER_BYTES);
    System.arraycopy(body, 0, file, HEADER_BYTES, body.length);
    byte[] sum = sha256(file, file.length - SUM_BYTES);
    System.arraycopy(sum, 0, file, file.length - SUM_BYTES, SUM_BYTES);
    return file;
  }

  /**
   * Reads a file: XX001 if a single bit of it is not what it was, 28P01 with another passphrase.
   *
   * @param name what messages call it
   */
  public static byte[] open(Kind kind, byte[] file, @Nullable BackupCipher cipher, String name) {
    check(file, name);
    ByteBuffer in = ByteBuffer.wrap(file);
    in.position(MAGIC.length + 1);
    if (in.get() != kind.code) {
      throw BackupErrors.damaged(name + " is a file of another kind");
    }
    boolean encrypted = in.get() != 0;
    if (encrypted && cipher == null) {
      throw new ShardForgeException(ErrorCode.INVALID_PASSWORD, "backup is encrypted")
          .withHint("Give the passphrase or the key file that it was made with.");
    }
    in.position(in.position() + BackupCipher.SALT_BYTES);
    byte[] nonce = new byte[BackupCipher.NONCE_BYTES];
    in.get(nonce);
    int contentLength = in.getInt();
    byte[] body = Arrays.copyOfRange(file, HEADER_BYTES, file.length - SUM_BYTES);
    byte[] packed =
        encrypted && cipher != null
            ? cipher.open(body, nonce, Arrays.copyOf(file, HEADER_BYTES))
            : body;
    return inflate(packed, contentLength, name);
  }

  /** The salt of a file's key, null if it is not encrypted; XX001 if the file is damaged. */
  public static byte @Nullable [] salt(byte[] file, String name) {
    check(file, name);
    int at = MAGIC.length + 3;
    return file[at - 1] == 0 ? null : Arrays.copyOfRange(file, at, at + BackupCipher.SALT_BYTES);
  }

  /** What a file ends with, by which others name its content. */
  public static byte[] sum(byte[] file) {
    return Arrays.copyOfRange(file, file.length - SUM_BYTES, file.length);
  }

  private static void check(byte[] file, String name) {
    if (file.length < HEADER_BYTES + SUM_BYTES) {
      throw BackupErrors.damaged(name + " has only " + file.length + " bytes");
    }
    if (!MessageDigest.isEqual(sum(file), sha256(file, file.length - SUM_BYTES))) {
      throw BackupErrors.damaged(name + " does not have the checksum that it was written with");
    }
    if (!Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw BackupErrors.damaged(name + " is no file of a backup");
    }
    if (file[MAGIC.length] != FORMAT) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED,
          "%s has format %d, this version reads %d".formatted(name, file[MAGIC.length], FORMAT));
    }
    int body = ByteBuffer.wrap(file).getInt(HEADER_BYTES - Integer.BYTES);
    if (body != file.length - HEADER_BYTES - SUM_BYTES) {
      throw BackupErrors.damaged(name + " has another length than it was written with");
    }
  }

  private static byte[] sha256(byte[] bytes, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is not there", e);
    }
  }

  private static byte[] deflate(byte[] content) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 3 + 64);
      byte[] buffer = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflate(byte[] packed, int length, String name) {
    Inflater inflater = new Inflater();
    try {
      byte[] content = new byte[length];
      inflater.setInput(packed);
      int at = 0;
      while (at < length) {
        int read = inflater.inflate(content, at, length - at);
        if (read == 0) {
          break;
        }
        at += read;
      }
      if (at != length) {
        throw BackupErrors.damaged(name + " ends before its content does");
      }
      return content;
    } catch (DataFormatException e) {
      throw BackupErrors.damaged(name + " cannot be decompressed");
    } finally {
      inflater.end();
    }
  }
}
