package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock whose time a store cannot record: every write is refused with a reason, and nothing is lost. */
class ClockOutOfBoundsTest {
    private static final Key<String> KEY = Key.text("plan");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"1969-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z"})
    void everyWrite_namesTheClock(String shown) {
        SettableClock clock = new SettableClock();
        StoreConfig config = StoreConfig.of(folder.resolve("a.db")).withClock(clock);
        try (Store store = Store.open(config)) {
            Agent agent = store.agent("planner");
            agent.put(KEY, "before");
            Duration off = Duration.between(clock.instant(), Instant.parse(shown));
            clock.advance(off);
            Map<String, ThrowingCallable> writes = new TreeMap<>(Map.of(
                    "put", () -> agent.put(KEY, "x"),
                    "put if absent", () -> agent.tryPut(Key.text("new"), "x", Precondition.ifAbsent()),
                    "update", () -> agent.update(KEY, before -> before + "x"),
                    "append", () -> agent.append(EventStream.text("log"), NewEvent.of("x")),
                    "claim", () -> agent.claim(KEY, Lease.of(Duration.ofMinutes(1))),
                    "several", () -> agent.commit(WriteBatch.of().put(KEY, "x").put(Key.text("other"), "y"))));
            writes.forEach((name, write) -> assertNamed(name, write, shown));
            clock.advance(off.negated());
            assertThat(agent.tryPut(KEY, "after").isCommitted()).isTrue();
            assertThat(store.history().of(KEY, 10)).hasSize(2);
            assertThat(store.check().findings()).isEqualTo(List.of());
        }
        clock.advance(Duration.between(clock.instant(), Instant.parse(shown)));
        assertNamed("creation", () -> Store.open(config(clock)).close(), shown);
    }

    private StoreConfig config(SettableClock clock) {
        return StoreConfig.of(folder.resolve("new.db")).withClock(clock);
    }

    private static void assertNamed(String name, ThrowingCallable write, String shown) {
        assertThat(catchThrowable(write))
                .as(name)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("shows " + shown)
                .hasMessageContaining("1970 to 9999");
    }
}
