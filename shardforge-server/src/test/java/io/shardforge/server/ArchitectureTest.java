package io.shardforge.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** The walls between the packages: who may import, call and create what. */
@AnalyzeClasses(
    packages = "io.shardforge",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.NoTestJars.class,
      ArchitectureTest.NoGeneratedMessages.class
    })
class ArchitectureTest {
  /** Leaves out the test classes of the modules below when they come as jars. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** Leaves out generated messages, which follow their generator's rules and not ours. */
  static final class NoGeneratedMessages implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/io/shardforge/sql/parse/proto/")
          && !location.contains("/io/shardforge/raft/proto/");
    }
  }

  @ArchTest
  static final ArchRule MODULES_POINT_DOWN =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("server")
          .definedBy("io.shardforge.server..")
          .layer("sql")
          .definedBy("io.shardforge.sql..")
          .layer("raft")
          .definedBy("io.shardforge.raft..")
          .layer("storage")
          .definedBy("io.shardforge.storage..")
          .layer("cli")
          .definedBy("io.shardforge.cli..")
          .whereLayer("server")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("sql")
          .mayOnlyBeAccessedByLayers("server")
          .whereLayer("raft")
          .mayOnlyBeAccessedByLayers("server", "sql")
          .whereLayer("storage")
          .mayOnlyBeAccessedByLayers("server", "sql", "raft");

  @ArchTest static final ArchRule DRIVER = only("org.postgresql..", "io.shardforge.cli.connect..");

  @ArchTest static final ArchRule TERMINAL = only("org.jline..", "io.shardforge.cli..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("io.shardforge.(*).(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule RATIS = only("org.apache.ratis..", "io.shardforge.raft.group..");

  @ArchTest
  static final ArchRule CALCITE =
      only(
          "org.apache.calcite..",
          "io.shardforge.sql.bind..",
          "io.shardforge.sql.plan..",
          "io.shardforge.sql.type..",
          "io.shardforge.sql.function..");

  @ArchTest
  static final ArchRule ROCKSDB = only("org.rocksdb..", "io.shardforge.storage.engine.rocks..");

  @ArchTest
  static final ArchRule AMAZON = only("software.amazon..", "io.shardforge.storage.backup.s3..");

  @ArchTest
  static final ArchRule FOREIGN_MEMORY =
      only("java.lang.foreign..", "io.shardforge.storage.device..", "io.shardforge.sql.parse..");

  @ArchTest
  static final ArchRule NETTY =
      only(
          "io.netty..",
          "io.shardforge.raft.route..",
          "io.shardforge.server.net..",
          "io.shardforge.server.pgwire..",
          "io.shardforge.server.resp..",
          "io.shardforge.server.rest..");

  @ArchTest
  static final ArchRule PROTOBUF =
      only(
          "com.google.protobuf..",
          "io.shardforge.raft.proto..",
          "io.shardforge.raft.kv..",
          "io.shardforge.raft.command..",
          "io.shardforge.raft.group..",
          "io.shardforge.raft.route..",
          "io.shardforge.raft.meta..",
          "io.shardforge.sql.parse..",
          "io.shardforge.sql.exec..");

  @ArchTest
  static final ArchRule METERS = only("io.micrometer..", "io.shardforge.server.telemetry..");

  @ArchTest
  static final ArchRule TIME_AND_CHANCE =
      noClasses()
          // The client is a process of its own that nobody simulates.
          .that(
              not(resideInAnyPackage("io.shardforge.storage.clock..", "io.shardforge.cli.."))
                  .and(not(named("Main"))))
          .should()
          .callCodeUnitWhere(
              calls(
                  "asks the machine for time or chance",
                  Map.of(
                      System.class, Set.of("nanoTime", "currentTimeMillis"),
                      Instant.class, Set.of("now"),
                      LocalDateTime.class, Set.of("now"),
                      Thread.class, Set.of("sleep"),
                      ThreadLocalRandom.class, Set.of("current"),
                      Math.class, Set.of("random"),
                      Random.class, Set.of("<init>"))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule THREADS =
      noClasses()
          .that(not(resideInAnyPackage("io.shardforge.server", "io.shardforge.cli..")))
          .should()
          .callCodeUnitWhere(
              calls(
                  "makes threads",
                  Map.of(
                      Thread.class,
                          Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread"),
                      Executors.class,
                          Set.of(
                              "newCachedThreadPool",
                              "newFixedThreadPool",
                              "newScheduledThreadPool",
                              "newSingleThreadExecutor",
                              "newSingleThreadScheduledExecutor",
                              "newThreadPerTaskExecutor",
                              "newVirtualThreadPerTaskExecutor",
                              "newWorkStealingPool"))))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ENVIRONMENT =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.shardforge.server.config..", "io.shardforge.cli..")
          .and()
          // Finds its library, wherever it is used: the launcher and the tests name it alike.
          .doNotHaveFullyQualifiedName("io.shardforge.sql.parse.NativeParser")
          .should()
          .callCodeUnitWhere(
              calls(
                  "reads the environment",
                  Map.of(System.class, Set.of("getenv", "getProperty", "getProperties"))));

  @ArchTest
  static final ArchRule STANDARD_STREAMS =
      noClasses()
          .that(not(named("Main")).and(not(resideInAPackage("io.shardforge.cli.."))))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule NO_SERIALIZATION_OR_UNSAFE =
      noClasses()
          .should()
          .dependOnClassesThat(
              // The JDK's own extension of java.lang.management is public and documented.
              resideInAnyPackage("sun..", "jdk.internal..", "com.sun..")
                  .and(not(resideInAPackage("com.sun.management"))))
          .orShould()
          .dependOnClassesThat(belongToAnyOf(java.io.ObjectInputStream.class, ThreadLocal.class));

  @ArchTest
  static final ArchRule PACKAGE_NAMES =
      classes()
          .should()
          .resideOutsideOfPackages("..common..", "..util..", "..internal..", "..impl..");

  private static ArchRule only(String thirdParty, String... packages) {
    return noClasses()
        .that(not(resideInAnyPackage(packages)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(thirdParty)
        .because("only " + String.join(", ", packages) + " may know " + thirdParty)
        .allowEmptyShould(true);
  }

  /** Classes of the server's root package by this simple name, and what is nested in them. */
  private static DescribedPredicate<JavaClass> named(String simpleName) {
    String name = "io.shardforge.server." + simpleName;
    return DescribedPredicate.describe(
        "is " + name, type -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
  }

  private static DescribedPredicate<JavaCall<?>> calls(
      String what, Map<Class<?>, Set<String>> methods) {
    return DescribedPredicate.describe(
        what,
        call -> {
          CodeUnitCallTarget target = call.getTarget();
          return methods.entrySet().stream()
              .anyMatch(entry ->
                  target.getOwner().isEquivalentTo(entry.getKey())
                      && (entry.getValue().contains(target.getName())
                          || (target.getName().equals("<init>")
                              && entry.getValue().contains("<init>"))));
        });
  }
}
