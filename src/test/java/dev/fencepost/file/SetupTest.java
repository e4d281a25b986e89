package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines and class paths on which no store can be opened: a typed error with a remedy, and no new file. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SetupTest {
    private static final Path OLD_LIBRARIES = Path.of("target", "old-libraries");

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        file = folder.resolve("data/a.db");
    }

    private void assertNothingLeft() {
        assertThat(FolderSnapshot.names(folder.resolve("data"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.io.tmpdir", "org.sqlite.tmpdir"})
    void libraryFolder_missing_isRefused(String property) {
        Path missing = folder.resolve("missing");
        String output = new OtherJvm().option("-D" + property + "=" + missing).open(file);
        assertThat(output)
                .startsWith("refused NATIVE_LIBRARY: SQLite's native library cannot be loaded")
                .contains("'" + missing + "', which does not exist", "-Dorg.sqlite.tmpdir=FOLDER");
        assertNothingLeft();
    }

    @Test
    void libraryFolder_noexec_isRefused() throws IOException {
        assumeTrue(TestMounts.mayMount(), "a mount with noexec needs the right to mount: be root, or let sudo do it");
        Path noexec = Files.createDirectory(folder.resolve("noexec"));
        TestMounts.run("mount", "-t", "tmpfs", "-o", "noexec,mode=777", "tmpfs", noexec.toString());
        try {
            assertThat(new OtherJvm().option("-Djava.io.tmpdir=" + noexec).open(file))
                    .startsWith("refused NATIVE_LIBRARY")
                    .contains("'" + noexec + "', which may be full, or mounted with noexec", "-Dorg.sqlite.tmpdir");
            assertNothingLeft();
            assertThat(new OtherJvm()
                            .option("-Djava.io.tmpdir=" + noexec)
                            .option("-Dorg.sqlite.tmpdir=" + folder)
                            .open(file))
                    .isEqualTo(OtherJvm.SERVED);
        } finally {
            TestMounts.run("umount", noexec.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite-jdbc-3.49.1.0.jar", "sqlite-jdbc-3.41.2.2.jar"})
    void sqlite_tooOld_isRefused(String jar) {
        assertThat(new OtherJvm().classPathFirst(old(jar)).open(file))
                .startsWith("refused DEPENDENCY: The driver of file:")
                .contains(jar + " has SQLite 3.4", "at least 3.51.3 is needed", "Use org.xerial:sqlite-jdbc 3.51.3");
        assertNothingLeft();
    }

    @Test
    void jdbi_tooOld_isRefused() {
        assertThat(new OtherJvm().classPathFirst(old("jdbi3-core-3.1.0.jar")).open(file))
                .startsWith("refused DEPENDENCY: A library is incompatible: ")
                .contains("Jdbi 3.30", "Jdbi of file:", "jdbi3-core-3.1.0.jar", "Correct the versions");
        assertNothingLeft();
    }

    /** The JVM needs some ten descriptors; a store and its libraries need less than thirty more. */
    @Test
    void descriptors_tooFew_areTypedErrors() throws IOException {
        OtherJvm lean = new OtherJvm().leanClassPath(folder.resolve("library.jar"));
        Set<String> outcomes = new TreeSet<>();
        for (int limit : new int[] {10, 12, 13, 15, 16, 18, 21, 23, 25, 40}) {
            String output = lean.shell("ulimit -n " + limit + " && exec \"$@\"").open(file);
            String last = output.substring(output.lastIndexOf('\n') + 1);
            if (output.contains("sun.launcher.LauncherHelper")) {
                // The JVM could not load the main class.
                continue;
            }
            outcomes.add(last.replaceFirst("[:(].*", ""));
            if (last.equals(OtherJvm.SERVED)) {
                Files.deleteIfExists(file);
            } else {
                assertThat(last)
                        .as("with %d descriptors", limit)
                        .startsWith("failed for now: ")
                        .containsAnyOf("Raise the limit", "raise the limit");
            }
        }
        assertThat(outcomes).contains(OtherJvm.SERVED, "failed for now");
    }

    @Test
    void jackson_tooOld_isATypedErrorOnUse() {
        OtherJvm jvm = new OtherJvm()
                .classPathFirst(old(
                        "jackson-databind-2.13.5.jar", "jackson-core-2.13.5.jar", "jackson-annotations-2.13.5.jar"));
        assertThat(jvm.open(file)).isEqualTo(OtherJvm.SERVED);
        String once =
                "invalid-input: JSON needs jackson-databind 2.16 or later on the class path; found 2.13.5. Add the"
                        + " dependency com.fasterxml.jackson.core:jackson-databind, or write a codec";
        assertThat(jvm.open(file, OtherJvm.JSON)).isEqualTo(String.join("\n", Collections.nCopies(4, once)));
    }

    @Test
    void jackson_missing_isATypedErrorOnUse() {
        OtherJvm jvm = new OtherJvm().leanClassPath(folder.resolve("library.jar"));
        assertThat(jvm.open(file, OtherJvm.JSON))
                .contains("needs jackson-databind 2.16 or later on the class path; found none.");
    }

    private static List<Path> old(String... jars) {
        List<Path> paths = Stream.of(jars).map(OLD_LIBRARIES::resolve).toList();
        assumeTrue(
                paths.stream().allMatch(Files::exists),
                "old libraries are copied to " + OLD_LIBRARIES + " by Maven's phase process-test-resources");
        return paths;
    }
}
