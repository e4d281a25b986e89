package dev.fencepost;

import static dev.fencepost.ConsumerProgram.DEPENDENCIES;
import static dev.fencepost.ConsumerProgram.LAUNCHER;
import static dev.fencepost.ConsumerProgram.LIBRARY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's jar and the command line's jar. Maven runs this test after packaging. */
class PackagedJarTest {
    @TempDir
    Path folder;

    @BeforeEach
    void built() {
        ConsumerProgram.assumeBuilt();
    }

    private static Attributes manifest(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes();
        }
    }

    @Test
    void library_manifest_namesNoOtherJars() throws Exception {
        assertThat(manifest(LIBRARY).getValue("Class-Path")).isNull();
        assertThat(manifest(LIBRARY).getValue("Main-Class")).isNull();
        // In a folder of its own, as in a local repository: a manifest that names jars beside it gives warnings there.
        Path alone = Files.copy(LIBRARY, folder.resolve("fencepost.jar"));
        new ConsumerProgram(folder).compile("-cp", alone + File.pathSeparator + jspecify());
    }

    private static String jspecify() throws IOException {
        try (Stream<Path> jars = Files.list(DEPENDENCIES)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("jspecify"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
        }
    }

    private static String launcher(String... arguments) {
        return Jdk.RUNNING.run(Stream.concat(Stream.of("-jar", LAUNCHER.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Test
    void launcher_jar_runsTheCommandLine() throws Exception {
        String version = manifest(LIBRARY).getValue("Implementation-Version");
        assertThat(launcher("--version")).isEqualTo("fencepost " + version);
        String store = folder.resolve("a.db").toString();
        for (String value : List.of("1", "2")) {
            assertThat(launcher("-s", store, "put", "a", value)).contains("version " + value);
        }
        assertThat(launcher("-s", store, "history", "a", "--compare", "1..2")).contains("+2");
    }

    @Test
    void launcher_newerJava_printsNoWarning() throws Exception {
        Optional<Jdk> jdk = Jdk.withWarnings();
        assumeTrue(
                jdk.isPresent(),
                "a JDK of Java " + Jdk.WARNS_OF_NATIVE_ACCESS + " or newer is neither running nor installed beside");
        ProcessBuilder builder =
                new ProcessBuilder("./fencepost", "-s", folder.resolve("a.db").toString(), "put", "a", "1");
        builder.environment().put("JAVA_HOME", jdk.orElseThrow().home().toString());
        assertThat(ExternalProgram.run(builder).text().strip())
                .contains("version 1")
                .doesNotContainIgnoringCase("warning")
                .hasLineCount(1);
    }
}
