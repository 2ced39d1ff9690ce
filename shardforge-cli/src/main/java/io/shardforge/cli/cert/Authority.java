package io.shardforge.cli.cert;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Who signs certificates: a key, and the certificate that says whose it is. */
public final class Authority {
  private static final String KEY = "PRIVATE KEY";
  private static final String CERTIFICATE = "CERTIFICATE";

  /** Clocks of other machines may be behind. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;

  private Authority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** Makes an authority of its own, in files that must not be there yet. */
  public static void create(Path certificateFile, Path keyFile, String name, Duration life)
      throws IOException, GeneralSecurityException {
    PemFile.requireNone(certificateFile, keyFile);
    KeyPair pair = newKey();
    X500Principal self = named(name);
    JcaX509v3CertificateBuilder builder = builder(self, self, pair.getPublic(), life);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    byte[] signed = sign(builder, pair.getPrivate());
    PemFile.create(keyFile, KEY, pair.getPrivate().getEncoded(), true);
    PemFile.create(certificateFile, CERTIFICATE, signed, false);
  }

  /** The authority of these files. */
  public static Authority load(Path certificateFile, Path keyFile)
      throws IOException, GeneralSecurityException {
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(PemFile.read(certificateFile, CERTIFICATE)));
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(PemFile.read(keyFile, KEY));
    String algorithm = certificate.getPublicKey().getAlgorithm();
    return new Authority(certificate, KeyFactory.getInstance(algorithm).generatePrivate(encoded));
  }

  /**
   * Makes a key and a certificate for it, in files that must not be there yet.
   *
   * @param hosts names and addresses under which a node is reached; none for a client
   */
  public void issue(
      Path certificateFile, Path keyFile, String name, List<String> hosts, Duration life)
      throws IOException, GeneralSecurityException {
    PemFile.requireNone(certificateFile, keyFile);
    KeyPair pair = newKey();
    JcaX509v3CertificateBuilder builder =
        builder(certificate.getSubjectX500Principal(), named(name), pair.getPublic(), life);
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(certificate));
    // Nodes are each other's clients.
    KeyPurposeId[] purposes =
        hosts.isEmpty()
            ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
            : new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    if (!hosts.isEmpty()) {
      GeneralName[] names =
          hosts.stream()
              .map(host ->
                  new GeneralName(
                      isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    byte[] signed = sign(builder, key);
    PemFile.create(keyFile, KEY, pair.getPrivate().getEncoded(), true);
    PemFile.create(certificateFile, CERTIFICATE, signed, false);
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static X500Principal named(String name) {
    return new X500Principal("CN=" + name.replaceAll("([,+\"\\\\<>;=#])", "\\\\$1"));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, PublicKey key, Duration life) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM),
        Date.from(now.minus(EARLIER)),
        Date.from(now.plus(life)),
        subject,
        key);
  }

  private static byte[] sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws IOException, GeneralSecurityException {
    String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    try {
      return builder.build(new JcaContentSignerBuilder(algorithm).build(key)).getEncoded();
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
