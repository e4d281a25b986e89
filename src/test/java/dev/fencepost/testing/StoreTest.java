package dev.fencepost.testing;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a folder of its own, and the path of a store in it. No other file is there at its beginning. */
public abstract class StoreTest {
    @TempDir
    protected Path folder;

    protected Path file = Path.of("");

    @BeforeEach
    void resolve() throws IOException {
        folder = folder.toRealPath();
        file = folder.resolve(fileName());
    }

    /** Returns the name of the store. */
    protected String fileName() {
        return "a.db";
    }
}
