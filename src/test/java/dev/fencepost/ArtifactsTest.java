package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files that are published beside the library's jar. Maven runs this test after packaging. */
class ArtifactsTest {
    private static final Path SOURCES = Path.of("target/fencepost-sources.jar");
    private static final Path JAVADOC = Path.of("target/fencepost-javadoc.jar");
    private static final Path SBOM = Path.of("target/bom.json");

    @BeforeEach
    void built() {
        assumeTrue(
                Stream.of(SOURCES, JAVADOC, SBOM).allMatch(Files::exists),
                "they are built before Maven's phase integration-test, unless published.skip is set");
        ConsumerProgram.assumeBuilt();
    }

    private static List<String> entries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }

    @Test
    void sourcesJar_hasEverySource() throws IOException {
        Path root = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(entries(SOURCES))
                    .containsAll(files.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString())
                            .toList());
        }
    }

    @Test
    void javadocJar_hasThePublicPackageOnly() throws IOException {
        assertThat(entries(JAVADOC))
                .contains("index.html", "dev.fencepost/dev/fencepost/Store.html")
                .noneMatch(name -> name.contains("fencepost/internal/") || name.contains("fencepost/cli/"));
    }

    @Test
    void sbom_namesTheDependenciesOnly() throws IOException {
        JsonNode sbom = new ObjectMapper().readTree(SBOM.toFile());
        assertThat(sbom.at("/bomFormat").asText()).isEqualTo("CycloneDX");
        JsonNode library = sbom.at("/metadata/component");
        assertThat(library.at("/name").asText()).isEqualTo("fencepost");
        assertThat(library.at("/licenses/0/license/id").asText()).isEqualTo("Apache-2.0");
        List<String> named = Stream.iterate(0, i -> i + 1)
                .limit(sbom.at("/components").size())
                .map(i -> sbom.at("/components/" + i))
                .map(one -> one.at("/name").asText() + "-" + one.at("/version").asText() + ".jar")
                .toList();
        List<String> copied = ConsumerProgram.dependencies().stream()
                .map(jar -> jar.getFileName().toString())
                .toList();
        assertThat(named).containsExactlyInAnyOrderElementsOf(copied);
        for (String name : List.of("sqlite-jdbc-", "jdbi3-core-", "caffeine-")) {
            assertThat(named).anyMatch(jar -> jar.matches(name + "[0-9].*"));
        }
    }
}
