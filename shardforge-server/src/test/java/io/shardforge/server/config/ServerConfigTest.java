package io.shardforge.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.raft.route.HostPort;
import io.shardforge.raft.route.Locality;
import io.shardforge.server.config.ServerConfig.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigTest {
  private static final long MACHINE_BYTES = 8L << 30;
  private static final long HEAP_BYTES = 4L << 30;

  private static ServerConfig single(Map<String, String> environment, String... arguments) {
    return ServerConfig.read(
        Role.SINGLE, List.of(arguments), environment, MACHINE_BYTES, HEAP_BYTES);
  }

  private static ServerConfig single(String... arguments) {
    return single(Map.of(), arguments);
  }

  private static ServerConfig member(String... arguments) {
    return ServerConfig.read(Role.MEMBER, List.of(arguments), Map.of(), MACHINE_BYTES, HEAP_BYTES);
  }

  @Test
  void fillsInDefaults() {
    ServerConfig config = single("--store", "/data");
    assertThat(config.storage())
        .isEqualTo(
            new StorageConfig(Path.of("/data"), 2L << 30, HEAP_BYTES / 6, Duration.ofHours(4)));
    assertThat(config.network())
        .isEqualTo(
            new NetworkConfig(
                new HostPort("127.0.0.1", 17432),
                new HostPort("127.0.0.1", 17432),
                new HostPort("127.0.0.1", 15432),
                new HostPort("127.0.0.1", 18080),
                List.of(new HostPort("127.0.0.1", 17432)),
                Locality.NONE));
    assertThat(config.security()).isEqualTo(new SecurityConfig(false, null, null, null));
    assertThat(config.sql()).isEqualTo(new SqlConfig(2L << 30, 5_000));
    assertThat(config.logFormat()).isEqualTo(ServerConfig.LogFormat.PLAIN);
    assertThat(config.stopsWithParent()).isFalse();
  }

  @Test
  void takesThePlaceOfTheNode() {
    assertThat(single("--store", "/data", "--locality", "region=eu,zone=a").network().locality())
        .isEqualTo(Locality.parse("region=eu,zone=a"));
    assertThatThrownBy(() -> single("--store", "/data", "--locality", "eu"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'eu' (--locality)");
  }

  @Test
  void takesFlagOverVariableOverFileOverDefault(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("node.conf");
    Files.writeString(
        file,
        """
        # A node.
        store = /from/file
        cache = 100MiB

        sql-memory = 200MiB
        max-connections=7
        insecure = true
        """);
    Map<String, String> environment =
        Map.of("SHARDFORGE_SQL_MEMORY", "300MiB", "SHARDFORGE_CACHE", "400MiB", "HOME", "/");
    ServerConfig config =
        single(environment, "--config", file.toString(), "--cache=500MiB", "--log-format", "json");
    assertThat(config.storage().directory()).isEqualTo(Path.of("/from/file"));
    assertThat(config.storage().cacheBytes()).isEqualTo(500L << 20);
    assertThat(config.sql()).isEqualTo(new SqlConfig(300L << 20, 7));
    assertThat(config.security().insecure()).isTrue();
    assertThat(config.logFormat()).isEqualTo(ServerConfig.LogFormat.JSON);
  }

  @Test
  void namesAnUnknownKeyWhereverItStands(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> single("--store", "/data", "--cahce", "1GiB"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'cahce'")
        .hasMessageContaining("cache");
    assertThatThrownBy(() -> single(Map.of("SHARDFORGE_CAHCE", "1GiB"), "--store", "/data"))
        .hasMessageContaining("SHARDFORGE_CAHCE");
    Path file = directory.resolve("node.conf");
    Files.writeString(file, "store = /data\ncahce = 1GiB\n");
    assertThatThrownBy(() -> single("--config", file.toString()))
        .hasMessageContaining("'cahce'")
        .hasMessageContaining("line 2");
  }

  @Test
  void leavesOtherVariablesOfThatPrefixAlone() {
    ServerConfig config =
        single(
            Map.of(
                "SHARDFORGE_PASSWORD", "secret",
                "SHARDFORGE_HEAP", "4g",
                "SHARDFORGE_SERVICE_HOST", "10.0.0.1",
                "SHARDFORGE_PORT_15432_TCP_PORT", "15432",
                "SHARDFORGE_HTTP", ""),
            "--store",
            "/data");
    assertThat(config.security().password()).isEqualTo("secret");
    assertThat(config.toString()).doesNotContain("secret");
    assertThat(config.network().http().port()).isEqualTo(18080);
  }

  @Test
  void wantsTheFirstNodesOfAClusterOfSeveral() {
    assertThatThrownBy(() -> member("--store", "/data")).hasMessageContaining("--join");
    assertThatThrownBy(() -> single("--store", "/data", "--join", "127.0.0.1:1"))
        .hasMessageContaining("start-single-node takes no --join");
    assertThatThrownBy(() -> member("--store", "/data", "--join", "127.0.0.1:1,127.0.0.1:1"))
        .hasMessageContaining("twice");
    assertThat(member("--store", "/data", "--join", "127.0.0.1:1, [::1]:2").network().join())
        .containsExactly(new HostPort("127.0.0.1", 1), new HostPort("::1", 2));
  }

  @Test
  void refusesToListenToOtherMachinesUnprotected() {
    String[] open = {"--store", "/data", "--listen", "0.0.0.0:1", "--advertise", "10.0.0.1:1"};
    assertThatThrownBy(() -> single(open)).hasMessageContaining("--certs-dir");
    assertThatThrownBy(() -> single("--store", "/data", "--pg", "0.0.0.0:1"))
        .hasMessageContaining("0.0.0.0:1");
    assertThatThrownBy(() -> single("--store", "/data", "--listen", "0.0.0.0:1", "--insecure"))
        .hasMessageContaining("--advertise");
    assertThatThrownBy(
            () -> single("--store", "/data", "--insecure", "--certs-dir", "/certificates"))
        .hasMessageContaining("exclude each other");
  }

  @Test
  void dividesMemoryAmongNodesOfOneMachine() {
    ServerConfig config = single("--store", "/data", "--memory-share", "4");
    assertThat(config.sql().memoryBytes()).isEqualTo(512L << 20);
    assertThat(config.storage().cacheBytes()).isEqualTo(160L << 20);
    assertThat(single("--store", "/data", "--memory-share", "16").storage().cacheBytes())
        .isEqualTo(128L << 20);
  }

  @Test
  void refusesMoreStatementMemoryThanHeap() {
    assertThatThrownBy(() -> single("--store", "/data", "--sql-memory", "6GiB"))
        .hasMessageContaining("SHARDFORGE_HEAP");
  }

  @Test
  void refusesAnOptionGivenTwiceOrWithoutValue() {
    assertThatThrownBy(() -> single("--store", "/a", "--store", "/b"))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> single("--store")).hasMessageContaining("needs a value");
    assertThatThrownBy(() -> single("store")).hasMessageContaining("not an option");
    assertThatThrownBy(() -> single()).hasMessageContaining("--store is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--cache=12Q",
        "--cache=1MiB",
        "--cache=99999999999TiB",
        "--max-connections=0",
        "--max-connections=many",
        "--history-retention=4",
        "--http=nowhere",
        "--pg=127.0.0.1:99999",
        "--insecure=yes",
        "--log-format=xml"
      })
  void namesTheOptionWhoseValueIsWrong(String flag) {
    assertThatThrownBy(() -> single("--store", "/data", flag))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(flag.substring(2, flag.indexOf('=')))
        .hasMessageContaining("'" + flag.substring(flag.indexOf('=') + 1) + "'");
  }

  @ParameterizedTest
  @CsvSource({"512MiB,536870912", "2G,2147483648", "17000000,17000000", "16 MB,16777216"})
  void readsSizes(String text, long bytes) {
    assertThat(single("--store", "/data", "--cache", text).storage().cacheBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"500ms,PT0.5S", "30s,PT30S", "10min,PT10M", "10m,PT10M", "4h,PT4H", "2d,PT48H"})
  void readsLengthsOfTime(String text, Duration length) {
    assertThat(single("--store", "/data", "--history-retention", text).storage().historyRetention())
        .isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({"1023,1023B", "1024,1KiB", "1610612736,1.5GiB", "2147483648,2GiB"})
  void writesSizesInTheLargestUnit(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  @Test
  void countsAMachineByItsControlGroup(@TempDir Path directory) throws IOException {
    Path info = directory.resolve("meminfo");
    Path limit = directory.resolve("memory.max");
    Files.writeString(info, "MemTotal:       24659824 kB\nMemFree: 1 kB\n");
    Files.writeString(limit, "max\n");
    assertThat(MachineMemory.bytes(info, List.of(limit))).isEqualTo(24659824L << 10);
    Files.writeString(limit, "1073741824\n");
    assertThat(MachineMemory.bytes(info, List.of(limit))).isEqualTo(1L << 30);
  }
}
