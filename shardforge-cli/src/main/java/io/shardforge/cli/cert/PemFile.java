package io.shardforge.cli.cert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;

/** A file with one key or certificate in it; once written it is never written again. */
final class PemFile {
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private PemFile() {}

  /** Writes a new file, which only its owner may read if it is secret. */
  static void create(Path file, String kind, byte[] content, boolean isSecret) throws IOException {
    var rights =
        PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString(isSecret ? "rw-------" : "rw-r--r--"));
    String text =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(kind, LINES.encodeToString(content), kind);
    try (var channel =
        Files.newByteChannel(
            file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
      channel.write(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Refuses before anything is made if one of these is there already. */
  static void requireNone(Path... files) throws IOException {
    for (Path file : files) {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file + " is there already and stays as it is");
      }
    }
  }

  static byte[] read(Path file, String kind) throws IOException {
    String text = Files.readString(file);
    String begin = "-----BEGIN " + kind + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + kind + "-----");
    if (from < 0 || to < from) {
      throw new IOException(file + " has no " + kind + " in it");
    }
    return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }
}
