package io.shardforge.storage.engine;

import io.shardforge.storage.key.KeySpan;

/** The transfer of a span's entries out of a reader, for copies of replicas. */
public final class SpanExport {
  private SpanExport() {}

  /** Streams a span in key order; returns the number of entries handed over. */
  public static long stream(EngineReader reader, Family family, KeySpan span, EntrySink sink) {
    long entries = 0;
    try (EngineIterator iterator = reader.iterator(family, span)) {
      for (boolean valid = iterator.seekToFirst(); valid; valid = iterator.next()) {
        entries++;
        if (!sink.accept(iterator.key(), iterator.value())) {
          break;
        }
      }
    }
    return entries;
  }
}
