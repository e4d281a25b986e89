package dev.fencepost.sagas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Sends a signal to this process at one boundary of a saga's journal. The journal logs before and after it writes an
 * entry. It is found as a logging provider only in processes whose class path names it.
 */
public final class BoundaryProvider implements SLF4JServiceProvider {
    /** The property with the number of the boundary, from 1; and the property with the signal. */
    static final String AT = "boundary.at";

    static final String SIGNAL = "boundary.signal";

    /** The property that names a file. Without the file, no thread passes the boundary. */
    static final String GO = "boundary.go";

    private static final AtomicInteger PASSED = new AtomicInteger();

    /** The logger of the journal. */
    private static final class Boundary extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        Boundary(String name) {
            this.name = name;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                @Nullable String message,
                Object @Nullable [] arguments,
                @Nullable Throwable throwable) {
            if (PASSED.incrementAndGet() == Integer.getInteger(AT)) {
                signal();
            }
        }

        private static void signal() {
            String pid = Long.toString(ProcessHandle.current().pid());
            try {
                // A signal that ends or stops this process takes effect before the wait for the command.
                new ProcessBuilder("kill", System.getProperty(SIGNAL), pid)
                        .start()
                        .waitFor();
                while (!Files.exists(Path.of(System.getProperty(GO)))) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return true;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return false;
        }

        @Override
        public boolean isErrorEnabled() {
            return false;
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        Logger boundary = new Boundary("journal");
        return name -> name.endsWith(".saga.SagaJournal") ? boundary : NOPLogger.NOP_LOGGER;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return new BasicMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
