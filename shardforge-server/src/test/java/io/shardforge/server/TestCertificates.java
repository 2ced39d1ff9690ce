package io.shardforge.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Authorities and certificates made for a test by the JDK's keytool, in PEM and PKCS #8. */
public final class TestCertificates {
  private static final String PASSWORD = "changeit";

  private final Path directory;
  private final Path store;

  /**
   * @param directory gets ca.crt, client-ca.crt, node.crt and node.key
   */
  public TestCertificates(Path directory) throws IOException, GeneralSecurityException {
    this.directory = directory;
    this.store = directory.resolve("keys.p12");
    make("nodes", "-ext", "bc:c");
    make("clients", "-ext", "bc:c");
    make("node", "-signer", "nodes", "-ext", "san=dns:localhost,ip:127.0.0.1");
    pem(certificate("nodes"), directory.resolve("ca.crt"));
    pem(certificate("clients"), directory.resolve("client-ca.crt"));
    pem(certificate("node"), directory.resolve("node.crt"));
    pem("PRIVATE KEY", key("node").getEncoded(), directory.resolve("node.key"));
  }

  /**
   * Makes USER.crt and USER.pk8 for a user of the clients' authority; returns the directory.
   *
   * @param more options of keytool
   */
  public Path user(String user, String... more) throws IOException, GeneralSecurityException {
    List<String> options = new ArrayList<>(List.of("-signer", "clients"));
    options.addAll(List.of(more));
    make(user, options.toArray(String[]::new));
    pem(certificate(user), directory.resolve(user + ".crt"));
    Path file =
        Files.createFile(
            directory.resolve(user + ".pk8"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(file, key(user).getEncoded());
    return directory;
  }

  private void make(String name, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD,
                "-storetype",
                "PKCS12",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "10",
                "-alias",
                name,
                "-dname",
                "CN=" + name));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("keytool: " + words);
    }
  }

  private KeyStore keys() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  private Certificate certificate(String name) throws IOException, GeneralSecurityException {
    return keys().getCertificate(name);
  }

  private Key key(String name) throws IOException, GeneralSecurityException {
    return keys().getKey(name, PASSWORD.toCharArray());
  }

  private static void pem(Certificate certificate, Path file)
      throws IOException, GeneralSecurityException {
    pem("CERTIFICATE", certificate.getEncoded(), file);
  }

  private static void pem(String what, byte[] bytes, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(("-----BEGIN " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
      out.write(Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(bytes));
      out.write(("\n-----END " + what + "-----\n").getBytes(StandardCharsets.US_ASCII));
    }
  }
}
