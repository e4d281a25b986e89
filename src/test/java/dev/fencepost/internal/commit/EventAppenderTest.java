package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Refusal;
import dev.fencepost.StreamConflict;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New and repeated events, their positions, and the expected end of a stream. */
class EventAppenderTest extends QueueFixture {
    private static final EventStream<String> LOG = EventStream.text("log");

    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.PROCESS_DEATH);
    }

    private CommitDecision append(OptionalLong expected, String... names) {
        List<NewEvent<String>> events = new ArrayList<>();
        for (String name : names) {
            events.add(new NewEvent<>(name, "body of " + name));
        }
        CommitRequest request = new CommitRequest(
                "planner",
                List.of(),
                List.of(new WriteEncoder(config).append(LOG, expected, events)),
                List.of(),
                Optional.empty(),
                Optional.empty());
        return queue.submit(new CommitValidator(
                request,
                new FencingCheck(storeId),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                false,
                null,
                false));
    }

    private void assertPlaced(CommitDecision decision, boolean wrote, String... events) {
        CommitDecision.Applied applied = (CommitDecision.Applied) decision;
        assertThat(applied.events().get("log"))
                .extracting(placed -> placed.event().stamp().version() + " "
                        + placed.event().event() + (placed.wasThere() ? " again" : ""))
                .containsExactly(events);
        assertThat(applied.wrote()).isEqualTo(wrote);
    }

    private void assertMoved(CommitDecision decision, long actual) {
        List<Refusal> refusals = ((CommitDecision.Refused) decision).refusals();
        assertThat(refusals).hasSize(1);
        StreamConflict<?> moved = (StreamConflict<?>) refusals.get(0);
        assertThat(moved.actual()).isEqualTo(actual);
        assertThat(moved.reusedId()).isEmpty();
    }

    @Test
    void events_areNumberedInAppendOrder() {
        assertPlaced(append(OptionalLong.empty(), "a", "b"), true, "1 a", "2 b");
        assertPlaced(append(OptionalLong.empty(), "c"), true, "3 c");
    }

    @Test
    void eventWithRepeatedId_isStoredOnce() {
        assertPlaced(append(OptionalLong.empty(), "a", "a", "b"), true, "1 a", "1 a again", "2 b");
        assertPlaced(append(OptionalLong.empty(), "b", "c", "a"), true, "2 b again", "3 c", "1 a again");
        assertPlaced(append(OptionalLong.empty(), "c", "a"), false, "3 c again", "1 a again");
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(2);
    }

    @Test
    void expectedEnd_mustMatchThePresentEnd() {
        assertMoved(append(OptionalLong.of(1), "a"), 0);
        assertPlaced(append(OptionalLong.of(0), "a"), true, "1 a");
        assertMoved(append(OptionalLong.of(0), "b"), 1);
        assertPlaced(append(OptionalLong.of(1), "b"), true, "2 b");
    }

    @Test
    void repeatedAppend_withOldExpectedEnd_isADuplicate() {
        append(OptionalLong.of(0), "a", "b");
        assertPlaced(append(OptionalLong.of(0), "a", "b"), false, "1 a again", "2 b again");
        assertMoved(append(OptionalLong.of(0), "a", "c"), 2);
    }

    @Test
    void emptyAppend_checksTheEndOnly() {
        append(OptionalLong.of(0), "a");
        assertPlaced(append(OptionalLong.of(1)), false);
        assertMoved(append(OptionalLong.of(0)), 1);
    }
}
