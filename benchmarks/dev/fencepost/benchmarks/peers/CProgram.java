package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The program in C, compiled if this machine can. */
final class CProgram {
    private static final Path SOURCE = Path.of("benchmarks", "c", "baseline.c");
    private static final List<Path> HEADERS =
            List.of(Path.of("/usr/include/sqlite3.h"), Path.of("/usr/local/include/sqlite3.h"));
    private static final Duration LONGEST_COMPILATION = Duration.ofMinutes(1);

    private static @Nullable Path compiled;

    private CProgram() {}

    /** Returns the reason why the program cannot be compiled here, if there is one. */
    static Optional<String> absence() {
        if (Programs.find("cc").isEmpty()) {
            return Optional.of("no C compiler on the path");
        } else if (HEADERS.stream().noneMatch(Files::exists)) {
            return Optional.of("no sqlite3.h; it is in Debian's package libsqlite3-dev");
        } else if (!Files.exists(SOURCE)) {
            return Optional.of("no " + SOURCE + " in the present folder; run it from the root of the repository");
        }
        return Optional.empty();
    }

    /** Returns the compiled program. It is compiled at the first call, and deleted when this process ends. */
    static synchronized Path compiled() throws IOException, InterruptedException {
        Path present = compiled;
        if (present == null) {
            // Not in the folder of the data, because file systems in memory often permit no programs.
            Path folder = Files.createTempDirectory("fencepost-baseline");
            folder.toFile().deleteOnExit();
            present = compile(folder);
            present.toFile().deleteOnExit();
            compiled = present;
        }
        return present;
    }

    private static Path compile(Path folder) throws IOException, InterruptedException {
        Path program = folder.resolve("baseline");
        String source = SOURCE.toAbsolutePath().toString();
        Programs.run(
                folder,
                LONGEST_COMPILATION,
                List.of("cc", "-std=gnu11", "-O2", "-o", program.toString(), source, "-lsqlite3", "-lpthread"));
        return program;
    }
}
