package dev.fencepost.internal.read;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.WatchService;

/** Where a store has it from that somebody has written to its log. */
@FunctionalInterface
public interface WatchServiceFactory {
    /**
     * Opens a service that watches folders.
     *
     * @throws IOException if there is none, or the system has no more to give; then the file is looked at instead
     */
    WatchService open() throws IOException;

    /** What the platform has: on Linux, prompt notice. Elsewhere Java's watches are late by seconds, or by a whole file. */
    static WatchServiceFactory of(FileSystem system) {
        return () -> {
            if (!System.getProperty("os.name", "").startsWith("Linux")) {
                throw new IOException("this platform gives no prompt notice of changes");
            }
            return system.newWatchService();
        };
    }
}
