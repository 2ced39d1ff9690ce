package io.shardforge.storage.engine;

/** The engine contract on the engine in memory. */
class MemoryEngineTest extends EngineContract {
  @Override
  protected Engine open() {
    return new MemoryEngine();
  }

  @Override
  protected Engine crash(Engine crashed) {
    return ((MemoryEngine) crashed).crash();
  }
}
