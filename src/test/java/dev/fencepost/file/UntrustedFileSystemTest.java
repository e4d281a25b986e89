package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system of another host or a virtual machine, as named by the list of mounts that the process reads. */
class UntrustedFileSystemTest {
    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root")
                        && ExternalProgram.succeeds("unshare", "--mount", "true"),
                "a list of mounts of its own needs root and the right to unshare mounts");
        file = Files.createDirectory(folder.toRealPath().resolve("data")).resolve("a.db");
    }

    /** Returns a JVM that reads a mount of this type. */
    private OtherJvm jvm(String type) throws IOException {
        Path mounts = folder.resolve("mounts");
        Files.writeString(mounts, "none / ext4 rw 0 0\nshare " + file.getParent() + " " + type + " rw 0 0\n");
        String own = "mount -t tmpfs tmpfs '" + file.getParent() + "' && mount --bind '" + mounts
                + "' /proc/$$/mounts && exec \"$@\"";
        return new OtherJvm().shell("exec unshare --mount bash -c '" + own.replace("'", "'\\''") + "' bash \"$@\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"virtiofs", "fuse.grpcfuse", "9p", "nfs4"})
    void untrustedFileSystem_byDefault_isRefused(String type) throws IOException {
        assertThat(jvm(type).open(file))
                .startsWith("refused NETWORK_FILE_SYSTEM: ")
                .contains("of type " + type, "withUntrustedFileSystem(true)", "one process at a time");
    }

    @Test
    void untrustedFileSystem_optedIn_isServed() throws IOException {
        assertThat(jvm("virtiofs").open(file, OtherJvm.UNTRUSTED)).isEqualTo(OtherJvm.SERVED);
        assertThat(jvm("ext4").open(file)).isEqualTo(OtherJvm.SERVED);
    }
}
