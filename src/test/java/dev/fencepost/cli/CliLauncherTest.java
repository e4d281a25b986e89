package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with stub programs for Java and Maven that print their arguments. */
class CliLauncherTest {
    private static final Path LAUNCHER = Path.of("fencepost");

    @TempDir
    Path folder;

    private Path root;
    private Path link;

    @BeforeEach
    void copy() throws IOException {
        root = Files.createDirectories(folder.toRealPath().resolve("a check out"));
        Files.copy(LAUNCHER, root.resolve("fencepost"), StandardCopyOption.COPY_ATTRIBUTES);
        link = Files.createSymbolicLink(folder.resolve("a link"), Path.of("a check out", "fencepost"));
        program("java", "printf '<%s>\\n' \"$@\"; echo \"${LC_ALL:-none}\" >&2");
        program("mvn", "echo \"maven $*\"; touch '" + root.resolve("target/fencepost-cli.jar") + "'");
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.createDirectories(folder.resolve("jdk/bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private record Result(int code, List<String> out, List<String> err) {}

    private Result launch(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(link.toString()));
        command.addAll(List.of(args));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().merge("PATH", folder.resolve("jdk/bin").toString(), (old, mine) -> mine + ":" + old);
        builder.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        int code = builder.start().waitFor();
        return new Result(code, Files.readAllLines(out), Files.readAllLines(err));
    }

    @Test
    void isValidBash() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("bash", "-n", LAUNCHER.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        assertThat(Files.isExecutable(LAUNCHER)).isTrue();
    }

    @Test
    void runsTheJar_throughALinkAndFromAnywhere() throws IOException, InterruptedException {
        Files.createFile(Files.createDirectories(root.resolve("target")).resolve("fencepost-cli.jar"));
        Result result = launch("put", "a key", "", "*");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .endsWith(
                        "<-jar>",
                        "<" + root.resolve("target/fencepost-cli.jar") + ">",
                        "<put>",
                        "<a key>",
                        "<>",
                        "<*>");
        assertThat(result.err()).containsExactly("C.UTF-8");
    }

    @Test
    void missingJar_isBuiltOnce() throws IOException, InterruptedException {
        Result first = launch("list");
        assertThat(first.code()).isZero();
        assertThat(first.out()).endsWith("<list>").allMatch(line -> line.startsWith("<"));
        assertThat(first.err()).anyMatch(line -> line.startsWith("maven ") && line.endsWith("package"));
        assertThat(launch("list").err()).noneMatch(line -> line.startsWith("maven "));
    }

    @Test
    void failedBuild_isReported() throws IOException, InterruptedException {
        program("mvn", "exit 1");
        Result result = launch("list");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).anyMatch(line -> line.contains("the build failed"));
    }
}
