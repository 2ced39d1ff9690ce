package io.shardforge.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.server.TestCertificates;
import io.shardforge.server.TestServer;
import io.shardforge.server.net.ClientTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in by rules and certificates, through pgjdbc. */
final class AccessTest {
  @TempDir Path directory = Path.of("");
  private TestServer server;
  private Path rules;

  @BeforeEach
  void start() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.user("joe");
    certificates.user("ann");
    rules = directory.resolve("access.conf");
    Files.writeString(
        rules,
        """
        hostssl all joe all cert
        hostssl all ann all scram-sha-256 clientcert=verify-ca
        host all bob all password
        hostssl all all all scram-sha-256
        """);
    server = TestServer.secured(directory, rules);
    admin(
        "create role joe login",
        "create role ann login password 'a'",
        "create role bob login password 'b'");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Connection connect(String user, String password, String mode, String... more)
      throws SQLException {
    List<String> properties =
        new ArrayList<>(
            List.of(
                "user", user,
                "password", password,
                "sslmode", mode,
                "sslrootcert", directory.resolve("ca.crt").toString()));
    properties.addAll(List.of(more));
    return server.connect(properties.toArray(String[]::new));
  }

  private Connection withCertificate(String user, String password, String of) throws SQLException {
    return connect(
        user,
        password,
        "verify-full",
        "sslcert",
        directory.resolve(of + ".crt").toString(),
        "sslkey",
        directory.resolve(of + ".pk8").toString());
  }

  private void admin(String... statements) throws SQLException {
    try (Connection connection =
            connect("shardforge", "secret", "verify-full", "channelBinding", "require");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (connection;
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private interface Login {
    Connection open() throws SQLException;
  }

  private static void assertRefused(String state, String words, Login login) {
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> login.open().close())
        .withMessageContaining(words)
        .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  @Test
  void aCertificateProvesItsOwnUser() throws SQLException {
    assertThat(
            text(
                withCertificate("joe", "", "joe"),
                "select client_dn from pg_stat_ssl where pid = pg_backend_pid()"))
        .isEqualTo("CN=joe");
    assertRefused(
        "28000",
        "certificate authentication failed for user \"joe\"",
        () -> withCertificate("joe", "", "ann"));
    assertRefused(
        "28000",
        "connection requires a valid client certificate",
        () -> connect("joe", "", "verify-full"));
    assertRefused(
        "28000",
        "no pg_hba.conf entry for host \"127.0.0.1\", user \"joe\", database \"shardforge\","
            + " no encryption",
        () -> connect("joe", "", "disable"));
  }

  @Test
  void aCertificateAndAPasswordMayBothBeWanted() throws SQLException {
    withCertificate("ann", "a", "joe").close();
    assertRefused(
        "28P01",
        "password authentication failed for user \"ann\"",
        () -> withCertificate("ann", "x", "ann"));
    assertRefused(
        "28000",
        "connection requires a valid client certificate",
        () -> connect("ann", "a", "verify-full"));
  }

  @Test
  void aPasswordMayBeSentAsItIs() throws SQLException {
    assertThat(text(connect("bob", "b", "disable"), "select current_user")).isEqualTo("bob");
    assertRefused(
        "28P01",
        "password authentication failed for user \"bob\"",
        () -> connect("bob", "", "disable", "password", "a"));
    assertRefused(
        "28000", "no pg_hba.conf entry", () -> connect("shardforge", "secret", "disable"));
  }

  @Test
  void rulesAreReadAgainWhenThatIsAskedFor() throws Exception {
    Files.writeString(rules, "hostssl all bob all reject\nhostssl all all all scram-sha-256\n");
    connect("bob", "b", "require").close();
    admin("select pg_reload_conf()");
    assertRefused(
        "28000", "pg_hba.conf rejects connection for host", () -> connect("bob", "b", "require"));
    Files.writeString(rules, "hostssl all all all scram-sha-256\nhost all all all magic\n");
    admin("select pg_reload_conf()");
    assertRefused("28000", "pg_hba.conf rejects", () -> connect("bob", "b", "require"));
    assertThat(
            text(
                connect("shardforge", "secret", "require"),
                "select string_agg(concat_ws(':', line_number, auth_method, error), ' ')"
                    + " from pg_hba_file_rules"))
        .isEqualTo("1:scram-sha-256 2:invalid authentication method \"magic\"");
  }

  @Test
  void clientsHaveAnAuthorityOfTheirOwn() throws Exception {
    Files.copy(directory.resolve("ca.crt"), directory.resolve("both.crt"));
    Files.delete(directory.resolve("client-ca.crt"));
    Files.move(directory.resolve("both.crt"), directory.resolve("client-ca.crt"));
    assertThatThrownBy(() -> ClientTls.load(directory))
        .hasMessageContaining("has the authority of the nodes in it");
  }
}
