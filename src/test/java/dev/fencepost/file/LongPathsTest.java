package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The longest paths and names that SQLite and the file system accept. */
class LongPathsTest {
    private static final int MOST_PATH_BYTES = 504;
    private static final int MOST_NAME_BYTES = 242;

    @TempDir
    Path folder;

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
        assumeTrue(
                System.getProperty("sun.jnu.encoding").equals("UTF-8"),
                "names of files are not in UTF-8 in this locale");
    }

    /** Returns a path of so many bytes, whose folders exist. */
    private Path path(int bytes, String letter) throws IOException {
        int width = bytes(letter);
        Path parent = folder;
        while (bytes - bytes(parent.toString()) > 200) {
            parent = Files.createDirectories(parent.resolve(letter.repeat(90 / width)));
        }
        int left = bytes - bytes(parent.toString()) - 1;
        Path path = parent.resolve(letter.repeat(left / width) + "x".repeat(left % width));
        assertThat(bytes(path.toString())).isEqualTo(bytes);
        return path;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void assertServed(Path file) {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
            assertThat(store.get(Key.text("a"))).isPresent();
            assertThat(FolderSnapshot.names(file.getParent())).contains(file.getFileName() + "-wal");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "日"})
    void path_ofTheMostBytes_isServed(String letter) throws IOException {
        assertServed(path(MOST_PATH_BYTES, letter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "日"})
    void path_longer_isRefused(String letter) throws IOException {
        Path file = path(MOST_PATH_BYTES + 1, letter);
        FolderSnapshot.assertRefused(
                file, Reason.PATH_TOO_LONG, "has 505 bytes of UTF-8", "at most 504", "a folder with a shorter path");
        FolderSnapshot.assertRefused(path(2_000, letter), Reason.PATH_TOO_LONG, "has 2000 bytes of UTF-8");
    }

    @Test
    void link_toALongPath_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(
                folder.resolve("link"), path(MOST_PATH_BYTES + 1, "a").getParent());
        Path file = link.resolve(path(MOST_PATH_BYTES + 1, "b").getFileName());
        FolderSnapshot.assertRefused(file, Reason.PATH_TOO_LONG, "has 505 bytes of UTF-8");
    }

    @Test
    void name_ofTheMostBytes_isServed() throws IOException {
        assertServed(folder.resolve("é".repeat(MOST_NAME_BYTES / 2)));
        assertThatThrownBy(() -> Store.open(folder.resolve("é".repeat(MOST_NAME_BYTES / 2) + "x"))
                        .close())
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.PATH_TOO_LONG))
                .hasMessageContainingAll("has 243 bytes of UTF-8", "the maximum is 242", "Use a shorter name");
        FolderSnapshot.assertRefused(folder.resolve("a".repeat(300)), Reason.PATH_TOO_LONG, "has 300 bytes of UTF-8");
    }
}
