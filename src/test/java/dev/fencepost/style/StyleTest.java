package dev.fencepost.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks that all sources are written in plain words. */
class StyleTest {
    @Test
    void sources_arePlain() throws IOException {
        StringBuilder offences = new StringBuilder();
        for (Path file : sources()) {
            SourceText source = SourceText.of(file);
            for (StyleRule rule : StyleRule.values()) {
                List<String> found = rule.offences(source);
                if (!found.isEmpty()) {
                    offences.append(rule + " " + file + ": " + found + "\n");
                }
            }
        }
        assertThat(offences.toString()).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Stream.concat(
                Stream.of("src", "benchmarks", "schema", "specs").flatMap(StyleTest::walk),
                Stream.of(Path.of("README.md"), Path.of("AGENTS.md"), Path.of("llms.txt")))) {
            return files.filter(file -> file.toString().matches(".*\\.(java|sql|tla|md)|llms\\.txt"))
                    .filter(file -> !file.startsWith("src/test/java/dev/fencepost/style"))
                    .filter(file -> !file.startsWith("benchmarks/results"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Path> walk(String folder) {
        try {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                return files.filter(Files::isRegularFile).toList().stream();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be read", e);
        }
    }
}
