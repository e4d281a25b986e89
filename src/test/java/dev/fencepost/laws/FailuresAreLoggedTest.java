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
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.LogProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log of a process whose handler fails. The process is a separate one, since each has one destination for all logs.
 */
@Timeout(120)
class FailuresAreLoggedTest {
    @TempDir
    Path folder;

    @Test
    void handler_throwsChecked_warningNamesCursorAndPlace() throws Exception {
        ExternalProgram.Output output = JvmLauncher.quick()
                .withOptions(LogProvider.option(LogProvider.Printing.class))
                .run(FailuresAreLoggedTest.class, folder.resolve("a.db").toString());
        List<String> lines = output.orThrow().lines().toList();
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
}
