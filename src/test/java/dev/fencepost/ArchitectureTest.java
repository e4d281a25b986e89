package dev.fencepost;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.FileInputStream;
import java.io.FileReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture: direction of dependencies, visibility, size, and forbidden calls. */
class ArchitectureTest {
    /**
     * The internal packages, from top to bottom. Each may use those after it. An engine is beside them: the store opens
     * it, and all others know its interface only.
     */
    private static final List<String> LAYERS =
            List.of("history", "saga", "event", "claim", "commit", "read", "process", "engine", "sql", "util");

    private static final List<String> FEATURES =
            List.of("dev.fencepost.event", "dev.fencepost.history", "dev.fencepost.saga");

    /** The packages of the interface that need no optional dependency. */
    private static final String[] API =
            Stream.concat(Stream.of("dev.fencepost"), FEATURES.stream()).toArray(String[]::new);

    /** Texts that only SQLite understands: its pragmas, and the suffixes of its files. */
    private static final Pattern OF_SQLITE = Pattern.compile("\"[^\"\n]*(PRAGMA|-wal|-shm)");

    private static final int MOST_LINES = 400;
    private static final int MOST_METHOD_LINES = 40;
    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fencepost");

    @Test
    void dependenciesRunInOneDirection() {
        LayeredArchitecture layers = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("dev.fencepost.cli..")
                .layer("json")
                .definedBy("dev.fencepost.json")
                .layer("api")
                .definedBy(API)
                .layer("store")
                .definedBy("dev.fencepost.internal")
                .layer("sqlite")
                .definedBy("dev.fencepost.internal.sqlite");
        for (String name : LAYERS) {
            layers = layers.layer(name).definedBy("dev.fencepost.internal." + name);
        }
        layers = layers.whereLayer("cli").mayNotBeAccessedByAnyLayer();
        layers = layers.whereLayer("json").mayOnlyBeAccessedByLayers("cli", "api");
        layers = layers.whereLayer("store").mayOnlyBeAccessedByLayers("api");
        layers = layers.whereLayer("sqlite").mayOnlyBeAccessedByLayers("store");
        layers = layers.whereLayer("sqlite").mayOnlyAccessLayers("api", "engine", "sql", "util");
        List<String> above = new ArrayList<>(List.of("store", "sqlite"));
        for (String name : LAYERS) {
            if (!name.equals("util")) {
                layers = layers.whereLayer(name).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
            }
            above.add(name);
        }
        layers.check(CODE);
        slices().matching("dev.fencepost.internal.(*)")
                .should()
                .beFreeOfCycles()
                .check(CODE);
    }

    /** The features of the interface; each knows the root package and none of the others. */
    @Test
    void featuresOfTheInterface_doNotKnowEachOther() {
        for (String feature : FEATURES) {
            noClasses()
                    .that()
                    .resideInAPackage(feature)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(FEATURES.stream()
                            .filter(other -> !other.equals(feature))
                            .toArray(String[]::new)))
                    .check(CODE);
        }
    }

    /** The interface checks its arguments with a package that knows nothing else of the implementation. */
    @Test
    void internals_areUsedByStoreOnly() {
        noClasses()
                .that()
                .resideInAnyPackage(API)
                .or()
                .resideInAPackage("dev.fencepost.json")
                .and()
                .doNotHaveSimpleName("Store")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.fencepost.internal..")
                        .and(not(resideInAPackage("dev.fencepost.internal.util"))))
                .check(CODE);
    }

    /** Jackson is an optional dependency: a process that stores no JSON runs without it. */
    @Test
    void jackson_inTheJsonPackageAndTheCommandLineOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.fencepost.json", "dev.fencepost.cli..")
                .should()
                .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."))
                .check(CODE);
    }

    @Test
    void wallClock_inTheConfiguredClockOnly() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CODE);
        noClasses()
                .that()
                .doNotHaveSimpleName("Deadline")
                .and()
                .doNotHaveSimpleName("WriterQueue")
                .and()
                .doNotHaveSimpleName("Watchdog")
                .should()
                .callMethod(System.class, "nanoTime")
                .check(CODE);
    }

    @Test
    void sleeps_inWaitingClassesOnly() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Pacer")
                .and()
                .doNotHaveSimpleName("Deadline")
                .and()
                .doNotHaveSimpleName("BusyRetryHandler")
                .and()
                .doNotHaveSimpleName("Watchdog")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
                .check(CODE);
    }

    @Test
    void sql_inTwoPackages_throughJdbi() {
        noClasses()
                .that()
                .resideInAPackage("dev.fencepost.internal..")
                .and()
                .resideOutsideOfPackages("..sql", "..sqlite")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql.."))
                .check(CODE);
        noClasses()
                .should()
                .callMethod(Statement.class, "execute", String.class)
                .orShould()
                .callMethod(Statement.class, "executeQuery", String.class)
                .orShould()
                .callMethod(Statement.class, "executeUpdate", String.class)
                .check(CODE);
    }

    @Test
    void sqlite_inOnePackage() throws IOException {
        noClasses()
                .that()
                .resideInAPackage("dev.fencepost.internal..")
                .and()
                .resideOutsideOfPackage("..sqlite")
                .should()
                .dependOnClassesThat(resideInAPackage("org.sqlite.."))
                .check(CODE);
        List<String> naming = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/fencepost/internal"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!file.getParent().endsWith("sqlite")
                        && OF_SQLITE.matcher(Files.readString(file)).find()) {
                    naming.add(file.getFileName().toString());
                }
            }
        }
        assertThat(naming).isEmpty();
    }

    /**
     * Only known classes open files: closing a descriptor of a file that SQLite has open drops SQLite's locks on it.
     */
    @Test
    void openingFiles_inKnownClasses_sharedMemoryInOne() throws IOException {
        // The writer queue is a separate file, and SQLite takes no locks on its WAL.
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.(WalIndexMappings|WriterQueue|WalSync|FileVerifier|DurableFiles)")
                .should()
                .callMethodWhere(target(owner(assignableTo(FileChannel.class)))
                        .and(target(name("open").or(name("map")))))
                .orShould()
                .dependOnClassesThat(belongToAnyOf(RandomAccessFile.class, FileInputStream.class, FileReader.class))
                .check(CODE);
        // Besides stores, these classes read only process information, in /proc.
        noClasses()
                .that()
                .haveNameNotMatching(
                        ".*\\.(StoreOpener|LogOwnership|ProcessProbe|ProcFileSystem|Uptime|LockOwner|HeldLocks|ProcessTree)")
                .should()
                .callMethodWhere(target(owner(assignableTo(Files.class)))
                        .and(target(
                                nameMatching("new(InputStream|OutputStream|ByteChannel|Buffered.*)|read(All.*|String)"
                                        + "|write.*|lines|copy|mismatch"))))
                .check(CODE);
        List<String> naming = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file).contains("\"-shm\"")) {
                    naming.add(file.getFileName().toString());
                }
            }
        }
        assertThat(naming).containsExactly("StoreFile.java");
    }

    /** Input is text: nothing that is read is deserialized into an object. */
    @Test
    void nothingIsSerialized() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        nameMatching("java.io.Object(In|Out)put(Stream|Filter)?|java.beans.XML(De|En)coder"))
                .check(CODE);
    }

    @Test
    void errorsAreTyped() {
        noClasses()
                .that()
                .doNotHaveSimpleName("FencepostException")
                .should()
                .callConstructor(RuntimeException.class, String.class)
                .orShould()
                .callConstructor(RuntimeException.class, String.class, Throwable.class)
                .orShould()
                .callConstructor(RuntimeException.class, Throwable.class)
                .orShould()
                .callConstructor(IllegalStateException.class, String.class)
                .check(CODE);
    }

    @Test
    void everyPackageIsNullMarked() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith("org.jspecify.annotations.NullMarked")
                .check(CODE);
        List<String> unmarked = CODE.stream()
                .map(type -> type.getPackageName())
                .distinct()
                .filter(name -> CODE.stream().noneMatch(type -> type.getName().equals(name + ".package-info")))
                .toList();
        assertThat(unmarked).isEmpty();
    }

    @Test
    void filesAndMethodsAreSmall() throws IOException {
        List<String> large = new ArrayList<>();
        for (Path root : List.of(Path.of("src"), Path.of("benchmarks"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    large.addAll(Sizes.tooLarge(file, MOST_LINES, MOST_METHOD_LINES));
                }
            }
        }
        assertThat(large).isEmpty();
    }
}
