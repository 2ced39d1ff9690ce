package io.shardforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tree itself: what every package and file must have, and what none may contain. */
class TidyTest {
  private static final Path ROOT = root();

  private static final Set<String> DIRECTORIES_LEFT_OUT =
      Set.of("target", ".git", ".shardforge", "node_modules");

  private static final Pattern TEXT_FILE =
      Pattern.compile(".*\\.(java|md|proto|xml|sh|sql|clj|c|cc|h|html|js|css|properties|txt)");

  /** Words that mark unfinished work, put together here so that this file has none. */
  private static final Pattern MARKER =
      Pattern.compile("\\b(" + String.join("|", "TO" + "DO", "FIX" + "ME", "XX" + "X") + ")\\b");

  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Impl|Utils?|Helpers?|Managers?)(Test|IT)?");

  /** The field's own word for the thing, so not an empty one. */
  private static final Set<String> NAMES_OF_THE_FIELD = Set.of("LatchManager");

  private static final Pattern CLASS_IN_TEXT =
      Pattern.compile("\\bio\\.shardforge\\.[a-z0-9_.]+\\.([A-Z]\\w*)");

  private static final Pattern PATH_IN_TEXT =
      Pattern.compile("`((?:shardforge-[a-z]+|native|jepsen|docs|\\.ci)/[\\w./-]+)`");

  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return directory;
  }

  private static List<Path> files(Predicate<Path> wanted) throws IOException {
    List<Path> found = new ArrayList<>();
    collect(ROOT, wanted, found);
    return found;
  }

  private static void collect(Path directory, Predicate<Path> wanted, List<Path> found)
      throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isSymbolicLink(entry)) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          if (!DIRECTORIES_LEFT_OUT.contains(name(entry))) {
            collect(entry, wanted, found);
          }
        } else if (wanted.test(entry)) {
          found.add(entry);
        }
      }
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static boolean isMainSource(Path file) {
    return name(file).endsWith(".java") && file.toString().contains("/src/main/java/");
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    List<Path> packages =
        files(TidyTest::isMainSource).stream().map(Path::getParent).distinct().toList();
    assertThat(packages).isNotEmpty();
    for (Path directory : packages) {
      Path info = directory.resolve("package-info.java");
      assertThat(info).exists();
      String text = Files.readString(info);
      assertThat(text).as(info.toString()).startsWith("/**");
      if (!directory.endsWith("proto")) { // Generated messages know nothing of it.
        assertThat(text).as(info.toString()).contains("@NullMarked");
      }
    }
  }

  @Test
  void everyTypeSaysWhatItIs() throws IOException {
    Pattern declaration =
        Pattern.compile(
            "(?m)^(?:(?:@|// |    |\\)).*\\n)*(?:public |final |abstract |sealed |non-sealed |strictfp )*"
                + "(?:class|interface|record|enum|@interface) ");
    List<String> silent = new ArrayList<>();
    for (Path file : files(TidyTest::isMainSource)) {
      String text = Files.readString(file);
      Matcher matcher = declaration.matcher(text);
      if (matcher.find() && !text.substring(0, matcher.start()).stripTrailing().endsWith("*/")) {
        silent.add(ROOT.relativize(file).toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void nothingIsMarkedUnfinished() throws IOException {
    List<String> marked = new ArrayList<>();
    for (Path file : files(path -> TEXT_FILE.matcher(name(path)).matches())) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (MARKER.matcher(lines.get(i)).find()) {
          marked.add(ROOT.relativize(file) + ":" + (i + 1));
        }
      }
    }
    assertThat(marked).isEmpty();
  }

  @Test
  void typesHaveNamesThatSaySomething() throws IOException {
    assertThat(files(path -> name(path).endsWith(".java")))
        .extracting(path -> name(path).substring(0, name(path).length() - ".java".length()))
        .filteredOn(type -> !NAMES_OF_THE_FIELD.contains(type))
        .filteredOn(type -> EMPTY_NAME.matcher(type).matches())
        .isEmpty();
  }

  @Test
  void documentsNameWhatExists() throws IOException {
    List<String> missing = new ArrayList<>();
    List<Path> sources = files(path -> name(path).endsWith(".java"));
    for (Path file : files(path -> name(path).endsWith(".md"))) {
      String text = Files.readString(file);
      Matcher types = CLASS_IN_TEXT.matcher(text);
      while (types.find()) {
        Path path = Path.of(types.group().replace('.', '/') + ".java");
        if (sources.stream().noneMatch(source -> source.endsWith(path))) {
          missing.add(ROOT.relativize(file) + ": " + types.group());
        }
      }
      Matcher paths = PATH_IN_TEXT.matcher(text);
      while (paths.find()) {
        if (!Files.exists(ROOT.resolve(paths.group(1)))) {
          missing.add(ROOT.relativize(file) + ": " + paths.group(1));
        }
      }
    }
    assertThat(missing).isEmpty();
  }
}
