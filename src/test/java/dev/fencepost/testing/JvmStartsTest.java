package dev.fencepost.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The starts of Java virtual machines in tests and benchmarks. All are in one package, with one line protocol. */
class JvmStartsTest {
    private static final Path HERE = Path.of("src/test/java/dev/fencepost/testing");
    private static final Pattern START =
            Pattern.compile("java\\.home|bin/java|\"bin\", \"java\"|ProcessBuilder\\(\\s*\"java");

    @Test
    void javaProgram_isStartedByTheTestingPackageOnly() throws IOException {
        List<Path> starters = new ArrayList<>();
        for (String root : List.of("src/test/java", "benchmarks")) {
            try (Stream<Path> sources = Files.walk(Path.of(root))) {
                for (Path source : sources.filter(file -> file.toString().endsWith(".java"))
                        .toList()) {
                    if (START.matcher(Files.readString(source)).find()) {
                        starters.add(source);
                    }
                }
            }
        }
        assertThat(starters).isNotEmpty().allMatch(starter -> starter.startsWith(HERE));
    }
}
