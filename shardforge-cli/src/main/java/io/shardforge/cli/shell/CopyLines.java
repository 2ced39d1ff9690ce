package io.shardforge.cli.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The lines after a COPY … FROM STDIN, up to {@code \.} or the end, as bytes. */
final class CopyLines extends InputStream {
  private final LineSource source;
  private byte[] line = {};
  private int at;
  private boolean hasEnded;

  CopyLines(LineSource source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    return fill() ? line[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, line.length - at);
    System.arraycopy(line, at, into, from, count);
    at += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (at < line.length) {
      return true;
    }
    String next = hasEnded ? null : source.nextData(">> ");
    if (next == null || next.equals("\\.")) {
      hasEnded = true;
      return false;
    }
    line = (next + "\n").getBytes(StandardCharsets.UTF_8);
    at = 0;
    return true;
  }
}
