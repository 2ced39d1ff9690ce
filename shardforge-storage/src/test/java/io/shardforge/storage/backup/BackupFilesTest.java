package io.shardforge.storage.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.storage.clock.Randomness;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of backups come back as they were, or not at all. */
final class BackupFilesTest {
  private static final BackupCipher CIPHER =
      BackupCipher.ofPassphrase("correct horse", new byte[BackupCipher.SALT_BYTES]);
  private static final BackupManifest.Span SPAN = new BackupManifest.Span(1007, 2);

  private final Randomness randomness = Randomness.seeded(17);

  @TempDir Path directory;

  @Test
  void chunksOfAnyEntriesComeBack() {
    for (int round = 0; round < 200; round++) {
      TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
      int count = randomness.nextInt(60);
      for (int i = 0; i < count; i++) {
        entries.put(bytes(40, 3), bytes(randomness.nextInt(300) + 1, 256));
      }
      ChunkWriter writer = new ChunkWriter();
      entries.forEach((key, value) -> writer.add(key, value.length % 7 == 0 ? null : value));
      BackupCipher cipher = round % 2 == 0 ? null : CIPHER;
      byte[] file = BackupFile.seal(BackupFile.Kind.CHUNK, writer.content(), cipher, nonce());
      ChunkReader reader =
          new ChunkReader(BackupFile.open(BackupFile.Kind.CHUNK, file, cipher, "c"));
      entries.forEach((key, value) -> {
        assertThat(reader.next()).isTrue();
        assertThat(reader.key()).isEqualTo(key);
        assertThat(reader.value()).isEqualTo(value.length % 7 == 0 ? null : value);
      });
      assertThat(reader.next()).isFalse();
      assertThat(writer.entries()).isEqualTo(entries.size());
    }
  }

  @Test
  void everyFlippedBitIsFound() {
    for (BackupCipher cipher : Arrays.asList(null, CIPHER)) {
      byte[] file = manifestFile(cipher);
      for (int bit = 0; bit < file.length * 8; bit++) {
        byte[] flipped = file.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertDamaged(flipped, cipher);
      }
    }
  }

  @Test
  void everyTruncationIsFound() {
    for (BackupCipher cipher : Arrays.asList(null, CIPHER)) {
      byte[] file = manifestFile(cipher);
      for (int length = 0; length < file.length; length++) {
        assertDamaged(Arrays.copyOf(file, length), cipher);
      }
      assertDamaged(Arrays.copyOf(file, file.length + 1), cipher);
    }
  }

  @Test
  void anotherPassphraseReadsNothing() {
    byte[] file = manifestFile(CIPHER);
    BackupCipher other =
        BackupCipher.ofPassphrase("correct house", new byte[BackupCipher.SALT_BYTES]);
    for (BackupCipher wrong : Arrays.asList(null, other)) {
      assertThatThrownBy(() -> BackupFile.open(BackupFile.Kind.MANIFEST, file, wrong, "m"))
          .isInstanceOfSatisfying(
              ShardForgeException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PASSWORD));
    }
    assertThat(new String(file, StandardCharsets.ISO_8859_1)).doesNotContain("cluster");
  }

  @Test
  void aBackupIsThereOnceItsManifestIs() throws IOException {
    BackupSet set = new BackupSet(new DirectoryTarget(directory.resolve("new")));
    assertThat(set.names()).isEmpty();
    BackupManifest.Chunk chunk = set.writeChunk("a", 1, 7, SPAN, content(), CIPHER, randomness);
    assertThat(set.names()).containsExactly("a");
    assertThat(set.finished()).isEmpty();
    set.finish(manifest("a", "", chunk), CIPHER, randomness);
    assertThat(set.finished()).containsExactly("a");
    BackupManifest read = set.manifest("a", CIPHER);
    assertThat(read.encode()).isEqualTo(manifest("a", "", chunk).encode());
    set.verify(new BackupSet.Link(read, CIPHER), read.chunks().getFirst());
    set.discard("a");
    assertThat(set.names()).isEmpty();
  }

  @Test
  void whatIsThereIsNotReplaced() throws IOException {
    BackupTarget target = new DirectoryTarget(directory);
    BackupSet set = new BackupSet(target);
    set.finish(manifest("a", ""), CIPHER, randomness);
    byte[] first = target.get("a", "manifest");
    set.finish(manifest("a", ""), CIPHER, randomness);
    assertThatThrownBy(() -> set.finish(manifest("a", "b"), CIPHER, randomness))
        .isInstanceOf(FileAlreadyExistsException.class);
    target.put("a", "manifest", first);
    assertThatThrownBy(() -> target.put("a", "manifest", new byte[] {1}))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target.get("a", "manifest")).isEqualTo(first);
  }

  @Test
  void chainsBeginWithTheFullBackup() throws IOException {
    BackupSet set = new BackupSet(new DirectoryTarget(directory));
    set.finish(manifest("a", ""), null, randomness);
    set.finish(manifest("b", "a"), null, randomness);
    set.finish(manifest("c", "b"), null, randomness);
    assertThat(set.chain("c", _ -> CIPHER).stream().map(l -> l.manifest().name()))
        .containsExactly("a", "b", "c");
    set.discard("b");
    assertThatThrownBy(() -> set.chain("c", _ -> CIPHER)).hasMessageContaining("no backup b");
  }

  @Test
  void aFileInThePlaceOfAnotherIsFound() throws IOException {
    BackupSet set = new BackupSet(new DirectoryTarget(directory));
    BackupManifest.Chunk one = set.writeChunk("a", 1, 7, SPAN, content(), null, randomness);
    ChunkWriter other = content();
    other.add(new byte[] {99}, null);
    BackupManifest.Chunk two = set.writeChunk("a", 2, 7, SPAN, other, null, randomness);
    set.finish(manifest("a", "", one, two), null, randomness);
    Path folder = directory.resolve("a");
    Files.write(folder.resolve(one.fileName()), Files.readAllBytes(folder.resolve(two.fileName())));
    BackupSet.Link link = new BackupSet.Link(set.manifest("a", null), null);
    assertThatThrownBy(() -> set.verify(link, one)).hasMessageContaining("not the file");
    set.verify(link, two);
  }

  private static void assertDamaged(byte[] file, @Nullable BackupCipher cipher) {
    assertThatThrownBy(() -> BackupFile.open(BackupFile.Kind.MANIFEST, file, cipher, "m"))
        .isInstanceOfSatisfying(
            ShardForgeException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPTED));
  }

  @Test
  void aManifestKnowsTheCatalogOfEachTime() {
    BackupManifest.CatalogRow kept = row(1, 1);
    BackupManifest.CatalogRow changed = row(2, 2);
    BackupManifest.CatalogRow dropped = row(3, 3);
    BackupManifest manifest =
        BackupManifest.decode(
            new BackupManifest(
                    "a",
                    "",
                    40,
                    10,
                    "cluster",
                    List.of(kept, row(2, 22)),
                    List.of(
                        new BackupManifest.Revision(30, false, row(2, 22)),
                        new BackupManifest.Revision(5, false, changed),
                        new BackupManifest.Revision(30, true, row(3)),
                        new BackupManifest.Revision(20, false, dropped)),
                    List.of(SPAN),
                    List.of())
                .encode());
    assertThat(values(manifest.catalogAt(10))).containsExactly("1", "2");
    assertThat(values(manifest.catalogAt(29))).containsExactly("1", "2", "3");
    assertThat(values(manifest.catalogAt(30))).containsExactly("1", "22");
    assertThat(values(manifest.catalogAt(40))).containsExactly("1", "22");
    assertThat(values(manifest.catalog())).containsExactly("1", "22");
  }

  private static BackupManifest.CatalogRow row(int id, int... value) {
    byte[] bytes = new byte[value.length];
    for (int i = 0; i < value.length; i++) {
      bytes[i] = (byte) value[i];
    }
    return new BackupManifest.CatalogRow(5, 4, id, 0, bytes);
  }

  private static List<String> values(List<BackupManifest.CatalogRow> rows) {
    return rows.stream().map(row -> String.valueOf(row.value()[0])).toList();
  }

  private byte[] manifestFile(@Nullable BackupCipher cipher) {
    return BackupFile.seal(BackupFile.Kind.MANIFEST, manifest("a", "").encode(), cipher, nonce());
  }

  private static ChunkWriter content() {
    ChunkWriter writer = new ChunkWriter();
    writer.add(new byte[] {1}, new byte[] {2, 3});
    writer.add(new byte[] {1, 4}, null);
    return writer;
  }

  private static BackupManifest manifest(String name, String base, BackupManifest.Chunk... chunks) {
    return new BackupManifest(
        name,
        base,
        42,
        0,
        "cluster",
        List.of(new BackupManifest.CatalogRow(5, 4, 16390, 0, new byte[] {1, 2, 3})),
        List.of(),
        List.of(SPAN),
        List.of(chunks));
  }

  private byte[] nonce() {
    return bytes(BackupCipher.NONCE_BYTES, 256);
  }

  /** As many bytes, each below the bound. */
  private byte[] bytes(int length, int bound) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) randomness.nextInt(bound);
    }
    return bytes;
  }
}
