package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Exceptions;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.Subscription;
import dev.fencepost.testing.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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
 * The log of a process whose handler fails. The process is a separate one, since each has one destination for all logs.
 */
@Timeout(120)
class FailuresAreLoggedTest {
    @TempDir
    Path folder;

    @Test
    void handler_throwsChecked_warningNamesCursorAndPlace() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-Dslf4j.provider=" + Provider.class.getName(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailuresAreLoggedTest.class.getName(),
                        folder.resolve("a.db").toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("WARN Subscription 'c' failed after sequence 1,")
                        .endsWith("java.lang.Exception: of the caller"));
    }

    /** Runs the process, whose handler fails once. */
    public static void main(String[] args) throws InterruptedException {
        Key<String> key = Key.text("plans/a");
        try (Store store = Store.open(Path.of(args[0]))) {
            Agent agent = store.agent("writer");
            agent.put(key, "1").orThrow();
            agent.put(key, "2").orThrow();
            Cursor<Change<String>> cursor =
                    Cursor.of("c", ChangeSource.values(Prefix.text("plans/"))).withStart(1);
            try (Subscription running = agent.feed().subscribe(cursor, change -> {
                throw Exceptions.CHECKED.now();
            })) {
                Await.so(() -> running.failure().isPresent());
            }
        }
    }

    /** Writes the log to the standard output, a line for each entry. */
    public static final class Provider implements SLF4JServiceProvider {
        @Override
        public ILoggerFactory getLoggerFactory() {
            return name -> new Lines();
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

    private static final class Lines extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1;

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return true;
        }

        @Override
        public boolean isWarnEnabled() {
            return true;
        }

        @Override
        public boolean isErrorEnabled() {
            return true;
        }

        @Override
        protected String getFullyQualifiedCallerName() {
            return Lines.class.getName();
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level, Marker marker, String message, Object[] arguments, Throwable throwable) {
            System.out.println(level + " " + MessageFormatter.basicArrayFormat(message, arguments) + " " + throwable);
        }
    }
}
