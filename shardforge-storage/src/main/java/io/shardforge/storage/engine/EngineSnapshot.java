package io.shardforge.storage.engine;

/** An unchanging view of an engine; must be closed. */
public non-sealed interface EngineSnapshot extends EngineReader, AutoCloseable {
  @Override
  void close();
}
