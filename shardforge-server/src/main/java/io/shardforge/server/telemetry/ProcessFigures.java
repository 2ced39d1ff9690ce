package io.shardforge.server.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringTokenizer;

/** What the JVM and the kernel know of this process. */
final class ProcessFigures {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  /** Sizes in pages: of the process, and of what of it is in memory. */
  private static final Path SIZES = Path.of("/proc/self/statm");

  /** What pages are on the machines that this runs on. */
  private static final long PAGE_BYTES = 4096;

  private ProcessFigures() {}

  static void show(Telemetry telemetry) {
    double started = ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS;
    telemetry.show(Metric.START_TIME, () -> started);
    telemetry.show(Metric.CPUS, () -> Runtime.getRuntime().availableProcessors());
    telemetry.show(Metric.RESIDENT_BYTES, ProcessFigures::residentBytes);
    telemetry.show(Metric.THREADS, () -> ManagementFactory.getThreadMXBean().getThreadCount());
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    telemetry.show(Metric.JVM_MEMORY, () -> memory.getHeapMemoryUsage().getUsed(), "heap");
    telemetry.show(Metric.JVM_MEMORY, () -> memory.getNonHeapMemoryUsage().getUsed(), "other");
    telemetry.show(Metric.JVM_MEMORY, ProcessFigures::directBytes, "direct");
    telemetry.show(Metric.JVM_HEAP_MAX, () -> memory.getHeapMemoryUsage().getMax());
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      telemetry.show(
          Metric.GC_SECONDS, () -> collector.getCollectionTime() / MILLIS, collector.getName());
    }
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      telemetry.show(Metric.CPU_SECONDS, () -> system.getProcessCpuTime() / NANOS);
      telemetry.show(Metric.MACHINE_CPU, system::getCpuLoad);
      telemetry.show(Metric.OPEN_FILES, system::getOpenFileDescriptorCount);
      telemetry.show(Metric.OPEN_FILES_MAX, system::getMaxFileDescriptorCount);
    }
  }

  private static double directBytes() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  /** Not a number where the kernel does not tell. */
  private static double residentBytes() {
    try {
      StringTokenizer sizes = new StringTokenizer(Files.readString(SIZES));
      sizes.nextToken();
      return Long.parseLong(sizes.nextToken()) * PAGE_BYTES;
    } catch (IOException | NumberFormatException _) {
      return Double.NaN;
    }
  }
}
