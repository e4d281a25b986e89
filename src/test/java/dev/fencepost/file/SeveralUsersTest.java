package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.internal.sqlite.WalSyncMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files beside a database, which have its mode and group, so that all users of the database can use them. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralUsersTest {
    private static final int ALICE = 61_001;
    private static final int BOB = 61_002;
    private static final int OWN_GROUP = 61_003;
    private static final int SHARED_GROUP = 61_000;

    @TempDir
    Path folder;

    private Path data = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void create() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        file = data.resolve("a.db");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
        }
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-rw----", "rw-rw-rw-"})
    void sidecars_haveTheModeOfTheDatabase(String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "2").orThrow();
            WalSyncMark.make(file);
            assertThat(FolderSnapshot.names(data)).contains("a.db-queue", "a.db-fsync-failed");
            for (String name : FolderSnapshot.names(data)) {
                assertThat(mode(data.resolve(name))).as(name).isEqualTo(mode);
            }
        }
    }

    private OtherJvm jvm(int user) throws IOException {
        OtherJvm jvm =
                new OtherJvm().leanClassPath(folder.resolve("library.jar")).copiedTo(folder.resolve("lib"));
        TestMounts.run("chmod", "755", folder.toString());
        return jvm.option("-Djava.io.tmpdir=/tmp")
                .shell("umask 022; exec setpriv --reuid=" + user + " --regid=" + OWN_GROUP + " --groups=" + SHARED_GROUP
                        + " \"$@\"");
    }

    /** Gives all files to one user and the group. New files get the group only if their creator sets it. */
    private void share() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root") && TestMounts.has("setpriv"),
                "other users need root and the program setpriv");
        TestMounts.run("chown", "-R", ALICE + ":" + SHARED_GROUP, data.toString());
        TestMounts.run("chmod", "770", data.toString());
        TestMounts.run("chmod", "660", file.toString());
    }

    @Test
    void sidecar_ofOneUser_isOpenToTheGroup() throws Exception {
        share();
        assertThat(jvm(ALICE).open(file, OtherJvm.WRITER_QUEUE))
                .isEqualTo("served 1\nqueue rw-rw---- of " + ALICE + " " + SHARED_GROUP);
        assertThat(jvm(BOB).open(file, OtherJvm.WRITER_QUEUE))
                .isEqualTo("served 1\nqueue rw-rw---- of " + BOB + " " + SHARED_GROUP);
    }

    @Test
    void sidecar_ofRoot_isOfTheOwner() throws Exception {
        share();
        try (Store store = Store.open(file)) {
            store.agent("root").put(Key.text("a"), "2").orThrow();
            assertThat(jvm(BOB).open(file, OtherJvm.WRITER_QUEUE))
                    .isEqualTo("served 1\nqueue rw-rw---- of " + ALICE + " " + SHARED_GROUP);
        }
    }
}
