package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.testing.Jdk;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Examples for a shell. The commands of Fencepost are run; those of Maven are compared with the build and the
 * benchmarks. The demo has a test of its own.
 */
final class ShellExamples {
    private static final Pattern OPTION = Pattern.compile("-D(\\w+)=(.*)");

    private static final String FENCEPOST = """
        #!/usr/bin/env bash
        if [[ ${1:-} == demo ]]; then
          echo "$1" >>"$GUIDE_CALLS"
          exit
        fi
        exec "$GUIDE_JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$GUIDE_CLASSES" dev.fencepost.cli.Main "$@"
        """;

    private static final String MAVEN = """
        #!/usr/bin/env bash
        printf '%s\\n' "$@" >>"$GUIDE_CALLS"
        """;

    private final Path folder;
    private final Path calls;

    ShellExamples(Path folder) {
        this.folder = folder;
        this.calls = folder.resolve("calls.txt");
    }

    /** Runs the examples of a page in one shell, and ends with the first command that fails. */
    void run(List<String> examples) throws Exception {
        Path commands = Files.createDirectories(folder.resolve("bin"));
        executable(commands.resolve("mvn"), MAVEN);
        executable(commands.resolve("fencepost"), FENCEPOST);
        Path checkout = Files.createDirectories(folder.resolve("checkout"));
        executable(checkout.resolve("fencepost"), FENCEPOST);
        Path script =
                Files.writeString(folder.resolve("script.sh"), "set -euo pipefail\n" + String.join("\n", examples));
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", script.toString())
                .directory(checkout.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FENCEPOST_"));
        builder.environment().put("PATH", commands + ":" + System.getenv("PATH"));
        builder.environment().put("GUIDE_CALLS", calls.toString());
        builder.environment().put("GUIDE_CLASSES", classPath());
        builder.environment().put("GUIDE_JAVA", Jdk.RUNNING.java().toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        if (Files.exists(calls)) {
            Files.readAllLines(calls).forEach(ShellExamples::checkMaven);
        }
    }

    /** Returns the class path with absolute paths, since the shell works in another folder. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void executable(Path file, String content) throws IOException {
        assertThat(Files.writeString(file, content).toFile().setExecutable(true))
                .isTrue();
    }

    /** Checks one argument of Maven against the build and the benchmarks. */
    private static void checkMaven(String argument) {
        Matcher option = OPTION.matcher(argument);
        if (argument.startsWith("exec:exec@")) {
            assertThat(Path.of("pom.xml"))
                    .content()
                    .contains("<id>" + argument.substring("exec:exec@".length()) + "</id>");
        } else if (!option.matches()) {
            assertThat(argument).isIn("-B", "-q", "verify", "demo", "test-compile", "test", "spotless:apply", "site");
        } else if (option.group(1).equals("jmh")) {
            assertThat(Path.of("benchmarks/dev/fencepost/benchmarks/jmh", word(option.group(2)) + ".java"))
                    .exists();
        } else if (option.group(1).equals("benchmarks")) {
            Matcher only = Pattern.compile("--only (\\S+)").matcher(option.group(2));
            if (only.find()) {
                assertThat(only.group(1).split(",")).allSatisfy(ShellExamples::checkExperiment);
            }
        } else if (option.group(1).equals("compare")) {
            assertThat(option.group(2)).matches("\\S+ \\d+");
        } else {
            assertThat(option.group(1)).isEqualTo("test");
            assertThat(Path.of("src/test/java/dev/fencepost", option.group(2) + ".java"))
                    .exists();
        }
    }

    private static String word(String text) {
        return text.split(" ", 2)[0];
    }

    private static void checkExperiment(String name) {
        try (Stream<Path> sources = Files.walk(Path.of("benchmarks/dev"))) {
            assertThat(sources.filter(Files::isRegularFile)
                            .anyMatch(source -> GuidePage.of(source).text().contains("\"" + name + "\"")))
                    .as(name)
                    .isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException("The benchmarks cannot be listed", e);
        }
    }
}
