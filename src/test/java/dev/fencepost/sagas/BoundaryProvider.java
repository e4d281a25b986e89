package dev.fencepost.sagas;

import dev.fencepost.testing.LogProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Sends a signal to this process at one boundary of a saga's journal. The journal logs before and after it writes an
 * entry.
 */
public final class BoundaryProvider extends LogProvider {
    /** The property with the number of the boundary, from 1; and the property with the signal. */
    static final String AT = "boundary.at";

    static final String SIGNAL = "boundary.signal";

    /** The property that names a file. Without the file, no thread passes the boundary. */
    static final String GO = "boundary.go";

    private static final AtomicInteger PASSED = new AtomicInteger();

    /** Creates the provider. SLF4J calls this by reflection. */
    public BoundaryProvider() {}

    @Override
    protected boolean isLogged(String logger, Level level) {
        return level == Level.DEBUG && logger.endsWith(".saga.SagaJournal");
    }

    @Override
    protected void log(Level level, String message, @Nullable Throwable thrown) {
        if (PASSED.incrementAndGet() == Integer.getInteger(AT)) {
            signal();
        }
    }

    private static void signal() {
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            // A signal that ends or stops this process takes effect before the wait for the command.
            new ProcessBuilder("kill", System.getProperty(SIGNAL), pid).start().waitFor();
            while (!Files.exists(Path.of(System.getProperty(GO)))) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
