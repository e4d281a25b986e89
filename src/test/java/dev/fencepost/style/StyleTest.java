package dev.fencepost.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The style of the sources. Files with offences are listed with their number, and the list may only become shorter.
 * {@code -Dstyle.write=true} writes the present numbers.
 */
class StyleTest {
    private static final Path LIST = Path.of("src/test/resources/style/offenders.txt");

    @Test
    void sources_arePlain() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        StringBuilder details = new StringBuilder();
        Map<String, Integer> listed = listed();
        for (Path file : sources()) {
            SourceText source = SourceText.of(file);
            for (StyleRule rule : StyleRule.values()) {
                List<String> offences = rule.offences(source);
                String name = rule + " " + file;
                if (!offences.isEmpty()) {
                    found.put(name, offences.size());
                }
                if (offences.size() > listed.getOrDefault(name, 0)) {
                    details.append(name).append(": ").append(offences).append('\n');
                }
            }
        }
        if (Boolean.getBoolean("style.write")) {
            Files.createDirectories(LIST.getParent());
            Files.writeString(
                    LIST,
                    found.entrySet().stream()
                            .map(entry -> entry.getValue() + " " + entry.getKey() + "\n")
                            .collect(Collectors.joining()));
            return;
        }
        assertThat(details.toString()).isEmpty();
        // A file that has improved must stay so.
        assertThat(listed).isEqualTo(found);
    }

    private static Map<String, Integer> listed() throws IOException {
        Map<String, Integer> listed = new TreeMap<>();
        if (Files.exists(LIST)) {
            for (String line : Files.readAllLines(LIST)) {
                String[] parts = line.split(" ", 2);
                listed.put(parts[1], Integer.parseInt(parts[0]));
            }
        }
        return listed;
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
