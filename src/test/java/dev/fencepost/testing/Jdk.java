package dev.fencepost.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** An installed JDK, and its feature version, such as 17. */
public record Jdk(Path home, int feature) {
    /** The first version that warns of restricted methods. */
    public static final int WARNS_OF_NATIVE_ACCESS = 24;

    public static final Jdk RUNNING =
            new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());

    public Path java() {
        return home.resolve("bin").resolve("java");
    }

    /** Runs Java without the notice that no logging library is there. Returns its output and its errors. */
    public String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                java().toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dslf4j.internal.verbosity=ERROR"));
        command.addAll(List.of(arguments));
        return ExternalProgram.run(new ProcessBuilder(command)).text().strip();
    }

    /** Returns a JDK that warns of restricted methods: the running one, or one that is installed beside it. */
    public static Optional<Jdk> withWarnings() throws IOException {
        try (Stream<Path> installed =
                Files.list(RUNNING.home().resolveSibling("").toAbsolutePath())) {
            return Stream.concat(Stream.of(RUNNING), installed.sorted().flatMap(Jdk::at))
                    .filter(jdk -> jdk.feature() >= WARNS_OF_NATIVE_ACCESS)
                    .findFirst();
        }
    }

    /** Returns the running JDK, and one that warns of restricted methods if there is one. */
    public static List<Jdk> all() throws IOException {
        return Stream.concat(Stream.of(RUNNING), withWarnings().stream())
                .distinct()
                .toList();
    }

    private static Stream<Jdk> at(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return Stream.empty();
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(release)) {
            properties.load(in);
        } catch (IOException e) {
            return Stream.empty();
        }
        String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.isEmpty()
                ? Stream.empty()
                : Stream.of(new Jdk(home, Runtime.Version.parse(version).feature()));
    }
}
