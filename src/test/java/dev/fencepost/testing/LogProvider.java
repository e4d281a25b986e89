package dev.fencepost.testing;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * The log of a process, entry by entry. A process has one destination for all logs, so only processes that name a
 * subclass use it; see {@link #option}.
 */
public abstract class LogProvider implements SLF4JServiceProvider {
    /** Writes the log to the standard output, a line for each entry: the level, the message and the throwable. */
    public static final class Printing extends LogProvider {
        /** Creates the provider. SLF4J calls this by reflection. */
        public Printing() {}

        @Override
        protected boolean isLogged(String logger, Level level) {
            return level.toInt() >= Level.INFO.toInt();
        }

        @Override
        protected void log(Level level, String message, @Nullable Throwable thrown) {
            System.out.println(level + " " + message + " " + thrown);
        }
    }

    /** Returns the option with which a Java virtual machine logs to a provider. */
    public static String option(Class<? extends LogProvider> provider) {
        return "-Dslf4j.provider=" + provider.getName();
    }

    /** Tells whether a logger has entries of this level. */
    protected abstract boolean isLogged(String logger, Level level);

    /** Receives an entry. */
    protected abstract void log(Level level, String message, @Nullable Throwable thrown);

    private final class Entries extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        Entries(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return isLogged(name, Level.TRACE);
        }

        @Override
        public boolean isDebugEnabled() {
            return isLogged(name, Level.DEBUG);
        }

        @Override
        public boolean isInfoEnabled() {
            return isLogged(name, Level.INFO);
        }

        @Override
        public boolean isWarnEnabled() {
            return isLogged(name, Level.WARN);
        }

        @Override
        public boolean isErrorEnabled() {
            return isLogged(name, Level.ERROR);
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
            log(level, String.valueOf(MessageFormatter.basicArrayFormat(message, arguments)), throwable);
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return Entries::new;
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
