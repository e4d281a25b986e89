package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.testing.OpenStoreTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Updates of one key by several threads, while another connection holds the write lock. */
@Timeout(60)
class ConcurrentUpdatesTest extends OpenStoreTest {
    private static final Key<String> KEY = Key.text("k");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private Agent agent;
    private Connection other;
    private Statement sql;

    @BeforeEach
    void open() throws Exception {
        agent = store.agent("a");
        other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
        sql = other.createStatement();
    }

    @AfterEach
    void close() throws Exception {
        sql.close();
        other.close();
    }

    private final UnaryOperator<String> increment = value -> {
        seen.add(value);
        return "" + (Integer.parseInt(value) + 1);
    };

    /**
     * Makes the store learn that a function is fast: other updates wait only for a function that was fast in its last
     * run. The first run never counts as fast.
     */
    private void learnHowQuick(UnaryOperator<String> function, String value) {
        for (int i = 0; i < 20; i++) {
            agent.put(KEY, value).orThrow();
            agent.update(KEY, function);
        }
        agent.put(KEY, value).orThrow();
        assertThat(store.get(KEY)).isPresent();
        seen.clear();
    }

    /** Starts an update, and returns when its result is in the commit queue. */
    private FutureTask<Versioned<String>> updating(UnaryOperator<String> function) {
        FutureTask<Versioned<String>> update = new FutureTask<>(() -> agent.update(KEY, function));
        Thread thread = new Thread(update);
        thread.start();
        while (!update.isDone() && !awaitsItsOutcome(thread)) {
            Thread.onSpinWait();
        }
        return update;
    }

    private static boolean awaitsItsOutcome(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals("dev.fencepost.internal.commit.ReadModifyWrite")
                        && frame.getMethodName().equals("outcome"));
    }

    @Test
    void update_isComputedFromThePendingUpdate() throws Exception {
        // A function that lost the processor was not fast, so the next update is not computed from its result.
        while (!fourUpdates().equals(List.of("0", "1", "2", "3"))) {
            Thread.onSpinWait();
        }
    }

    /** Returns the values that the functions read. */
    private List<String> fourUpdates() throws Exception {
        learnHowQuick(increment, "0");
        sql.execute("BEGIN IMMEDIATE");
        List<FutureTask<Versioned<String>>> updates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            updates.add(updating(increment));
        }
        List<String> saw = List.copyOf(seen);
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo("0");
        sql.execute("ROLLBACK");
        List<String> made = new ArrayList<>();
        for (FutureTask<Versioned<String>> update : updates) {
            made.add(update.get().value());
        }
        assertThat(made).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo("4");
        if (saw.equals(List.of("0", "1", "2", "3"))) {
            assertThat(seen).hasSize(4);
        }
        return saw;
    }

    @Test
    void update_onRefusedUpdate_isRefused_despiteMatchingVersion() throws Exception {
        learnHowQuick(increment, "0");
        sql.execute("BEGIN IMMEDIATE");
        FutureTask<Versioned<String>> first = updating(increment);
        FutureTask<Versioned<String>> second = updating(increment);
        // Takes the version number that the first update would have made.
        sql.execute("UPDATE current_values SET value = '100' WHERE key = 'k'");
        sql.execute("COMMIT");
        assertThat(Set.of(first.get().value(), second.get().value())).containsExactlyInAnyOrder("101", "102");
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo("102");
    }

    @ParameterizedTest
    @EnumSource
    void functionFailure_onUncommittedValue_isRetried(Exceptions how) throws Exception {
        UnaryOperator<String> closing = value -> value.equals("open") ? "closed" : value + " closed";
        UnaryOperator<String> sending = value -> {
            if (value.equals("closed")) {
                throw how.now();
            }
            return value + " sent";
        };
        learnHowQuick(sending, "open");
        learnHowQuick(closing, "open");
        sql.execute("BEGIN IMMEDIATE");
        FutureTask<Versioned<String>> close = updating(closing);
        FutureTask<Versioned<String>> send = updating(sending);
        sql.execute("UPDATE current_values SET value = 'reopened' WHERE key = 'k'");
        sql.execute("COMMIT");
        assertThat(close.get().value()).contains("closed");
        assertThat(send.get().value()).contains("sent");
        assertThat(store.get(KEY).orElseThrow().value()).isIn("reopened closed sent", "reopened sent closed");
    }
}
