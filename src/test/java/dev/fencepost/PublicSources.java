package dev.fencepost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source files of the public packages, but for the optional ones. */
final class PublicSources {
    private static final Path ROOT = Path.of("src/main/java");
    private static final List<String> PACKAGES =
            List.of("dev/fencepost", "dev/fencepost/event", "dev/fencepost/history", "dev/fencepost/saga");

    private PublicSources() {}

    /** Returns the files that declare a type, sorted by package. */
    static List<Path> files() {
        return PACKAGES.stream()
                .flatMap(name -> files(ROOT.resolve(name)).stream())
                .toList();
    }

    /** Returns the fully qualified name of the type that a file declares. */
    static String typeOf(Path file) {
        return ROOT.relativize(file).toString().replace(".java", "").replace('/', '.');
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be listed", e);
        }
    }
}
