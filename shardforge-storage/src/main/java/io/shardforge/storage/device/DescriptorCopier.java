package io.shardforge.storage.device;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * POSIX's {@code dup}: gives what is open a second descriptor, which stays valid when the first is
 * closed.
 */
public final class DescriptorCopier {
  private final MethodHandle dup;

  private DescriptorCopier(MethodHandle dup) {
    this.dup = dup;
  }

  /** A copier, or nothing where native access is not allowed. */
  @SuppressWarnings("restricted") // Binding a C function is what this class is for.
  public static Optional<DescriptorCopier> open() {
    try {
      Linker linker = Linker.nativeLinker();
      Optional<MemorySegment> symbol = linker.defaultLookup().find("dup");
      return symbol.map(address ->
          new DescriptorCopier(
              linker.downcallHandle(
                  address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))));
    } catch (IllegalCallerException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** A second descriptor, which its caller closes; nothing when the process may open no more. */
  public OptionalInt copy(int descriptor) {
    int copy;
    try {
      copy = (int) dup.invokeExact(descriptor);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("dup failed", e);
    }
    return copy < 0 ? OptionalInt.empty() : OptionalInt.of(copy);
  }
}
