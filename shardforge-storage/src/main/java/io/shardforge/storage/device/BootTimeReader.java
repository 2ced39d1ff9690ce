package io.shardforge.storage.device;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A reader of CLOCK_BOOTTIME, the monotonic clock that goes on while the machine is suspended. */
public final class BootTimeReader {
  private static final int CLOCK_BOOTTIME = 7;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final MethodHandle clockGettime;

  private BootTimeReader(MethodHandle clockGettime) {
    this.clockGettime = clockGettime;
  }

  /** A reader, or nothing where the system has no such clock or native access is not allowed. */
  @SuppressWarnings("restricted") // Binding a C function is what this class is for.
  public static Optional<BootTimeReader> open() {
    // The clock's number means this clock on Linux only.
    if (!Files.exists(Path.of("/proc/uptime"))) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      SymbolLookup lookup = linker.defaultLookup();
      Optional<MemorySegment> symbol = lookup.find("clock_gettime");
      if (symbol.isEmpty()) {
        return Optional.empty();
      }
      MethodHandle handle =
          linker.downcallHandle(
              symbol.get(),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS),
              Linker.Option.critical(true));
      BootTimeReader reader = new BootTimeReader(handle);
      return reader.nanos() > 0 ? Optional.of(reader) : Optional.empty();
    } catch (IllegalCallerException | UnsupportedOperationException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** Nanoseconds since the machine was booted, suspended time included. */
  public long nanos() {
    long[] timespec = new long[2];
    int result;
    try {
      result = (int) clockGettime.invokeExact(CLOCK_BOOTTIME, MemorySegment.ofArray(timespec));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("clock_gettime failed", e);
    }
    if (result != 0) {
      throw new IllegalStateException("clock_gettime(CLOCK_BOOTTIME) returned " + result);
    }
    return timespec[0] * NANOS_PER_SECOND + timespec[1];
  }
}
