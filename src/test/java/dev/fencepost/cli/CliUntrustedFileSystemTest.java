package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option --untrusted-file-system and its environment variable. */
class CliUntrustedFileSystemTest {
    private static final String VARIABLE = "FENCEPOST_UNTRUSTED_FILE_SYSTEM";

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void open() throws IOException {
        file = Files.createDirectory(folder.toRealPath().resolve("data")).resolve("a.db");
    }

    @Test
    void option_isPassedToTheCommand() {
        String prints = "test \"$" + VARIABLE + "\" = ";
        Cli cli = Cli.on(file);
        cli.run("claim", "a", "--untrusted-file-system", "--", "sh", "-c", prints + "true")
                .exits(0);
        cli.run("claim", "a", "--", "sh", "-c", prints + "false").exits(0);
        cli.with(VARIABLE, "1")
                .run("claim", "a", "--", "sh", "-c", prints + "true")
                .exits(0);
    }

    @Test
    void variable_neitherTrueNorFalse_isRefused() {
        assertThat(Cli.on(file)
                        .with(VARIABLE, "yes")
                        .run("put", "a", "x")
                        .exits(Exit.USAGE)
                        .err())
                .contains(VARIABLE + " is 'yes'", "true or false");
        assertThat(file).doesNotExist();
    }

    private void assumeMounts() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root")
                        && ExternalProgram.succeeds("unshare", "--mount", "true"),
                "a list of mounts of its own needs root and the right to unshare mounts");
        Files.writeString(
                folder.resolve("mounts"), "none / ext4 rw 0 0\nshare " + file.getParent() + " virtiofs rw 0 0\n");
    }

    /** Runs a process whose list of mounts names the file system of a virtual machine. */
    private Cli.Result put(Map<String, String> environment, String... options) throws Exception {
        String mount = "mount -t tmpfs tmpfs '" + file.getParent() + "' && mount --bind '" + folder.resolve("mounts")
                + "' /proc/$$/mounts && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "--mount", "bash", "-c", mount, "bash"));
        command.addAll(Cli.process("--store", file.toString(), "put", "a", "x"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        ExternalProgram.Output output = ExternalProgram.run(builder);
        return new Cli.Result(output.code(), "", output.text());
    }

    @Test
    void store_byDefault_isRefused() throws Exception {
        assumeMounts();
        for (Map<String, String> environment : List.of(Map.<String, String>of(), Map.of(VARIABLE, "false"))) {
            assertThat(put(environment).exits(Exit.REFUSED).err())
                    .contains("of type virtiofs", "--untrusted-file-system if one process at a time")
                    .doesNotContain("withUntrustedFileSystem");
        }
    }

    @Test
    void store_withTheOptionOrVariable_isServed() throws Exception {
        assumeMounts();
        put(Map.of(), "--untrusted-file-system").exits(0);
        put(Map.of(VARIABLE, "true")).exits(0);
    }
}
