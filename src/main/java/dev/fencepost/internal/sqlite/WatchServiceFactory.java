package dev.fencepost.internal.sqlite;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.WatchService;

/** A source of the service that reports writes to the log of a store. */
@FunctionalInterface
public interface WatchServiceFactory {
    /**
     * Opens a service that watches folders.
     *
     * @throws IOException if there is none, or the system has no more to give; then the file is polled instead
     */
    WatchService open() throws IOException;

    /**
     * Returns the platform's source. On Linux it reports promptly; elsewhere Java's watches are late by seconds, or by
     * a whole file.
     */
    static WatchServiceFactory of(FileSystem system) {
        return () -> {
            if (!System.getProperty("os.name", "").startsWith("Linux")) {
                throw new IOException("this platform has no prompt watch service");
            }
            return system.newWatchService();
        };
    }
}
