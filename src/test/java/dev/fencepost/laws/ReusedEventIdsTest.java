package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Appended;
import dev.fencepost.Codec;
import dev.fencepost.CommitResult;
import dev.fencepost.Key;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StreamConflict;
import dev.fencepost.StreamConflictException;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event ID that is used again: the same body is a repetition, another body is a conflict that writes nothing. */
class ReusedEventIdsTest extends LawTest {
    private static final EventStream<String> STREAM = EventStream.text("log/a");
    private static final Key<String> KEY = Key.text("k");
    private static final NewEvent<String> STORED = new NewEvent<>("e1", "one");
    private static final NewEvent<String> OTHER = new NewEvent<>("e1", "another");
    private static final NewEvent<String> NEXT = new NewEvent<>("e2", "two");

    private Store store;
    private Agent agent;

    @BeforeEach
    void append() {
        store = open();
        agent = store.agent("writer");
        agent.append(STREAM, STORED);
    }

    @AfterEach
    void nothingElseIsStored() {
        assertThat(store.events(STREAM))
                .extracting(Event::body)
                .startsWith("one")
                .isSubsetOf("one", "two");
        assertThat(store.get(KEY)).isEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    private static StreamConflict<String> conflict(long expected, long number) {
        return new StreamConflict<>(STREAM, expected, number, Optional.of("e1"));
    }

    @Test
    void append_otherBody_isAConflict() {
        assertThatThrownBy(() -> agent.append(STREAM, OTHER))
                .isInstanceOfSatisfying(StreamConflictException.class, e -> {
                    assertThat(e.conflict()).isEqualTo(conflict(0, 1));
                    assertThat(e.retryable()).isFalse();
                    assertThat(e).hasMessageContaining("'e1'").hasMessageContaining("event 1");
                });
        assertThat(agent.tryAppend(STREAM, List.of(NEXT, OTHER))).isEqualTo(conflict(0, 1));
        assertThat(agent.append(STREAM, STORED).number()).isEqualTo(1);
        assertThat(store.events(STREAM)).hasSize(1);
    }

    @Test
    void appendAfter_otherBody_isAConflict() {
        for (long expected : new long[] {0, 1}) {
            assertThat(agent.tryAppendAfter(STREAM, expected, List.of(OTHER))).isEqualTo(conflict(expected, 1));
            assertThat(agent.tryAppendAfter(STREAM, expected, List.of(OTHER, NEXT)))
                    .isEqualTo(conflict(expected, 1));
        }
        assertThat(agent.appendAfter(STREAM, 0, List.of(STORED)).orThrow().duplicates())
                .isEqualTo(1);
        assertThat(agent.tryAppendAfter(STREAM, 0, List.of(NEXT))).isEqualTo(new StreamConflict<>(STREAM, 0, 1));
    }

    @Test
    void oneAppend_twoBodies_isAConflict() {
        NewEvent<String> changed = new NewEvent<>("e2", "changed");
        assertThat(agent.tryAppend(STREAM, List.of(NEXT, changed)))
                .isEqualTo(new StreamConflict<>(STREAM, 0, 0, Optional.of("e2")));
        assertThat(store.events(STREAM)).hasSize(1);
        Appended<String> twice = agent.append(STREAM, List.of(NEXT, NEXT)).orThrow();
        assertThat(twice.duplicates()).isEqualTo(1);
        assertThat(agent.tryAppend(STREAM, List.of(NEXT, changed)))
                .isEqualTo(new StreamConflict<>(STREAM, 0, 2, Optional.of("e2")));
    }

    @Test
    void commit_otherBody_isRefusedWhole() {
        List<WriteBatch> all = List.of(
                WriteBatch.of().put(KEY, "never").append(STREAM, OTHER),
                WriteBatch.of().put(KEY, "never").append(STREAM, List.of(NEXT, OTHER)),
                WriteBatch.of().put(KEY, "never").appendAfter(STREAM, 1, List.of(OTHER)));
        for (WriteBatch writes : all) {
            CommitResult.Refused refused = (CommitResult.Refused) agent.tryCommit(writes);
            assertThat(refused.refusals())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            StreamConflict.class,
                            conflict ->
                                    assertThat(conflict.reusedId().toString()).contains("e1"));
            assertThat(agent.async().commit(writes).toCompletableFuture().join())
                    .isInstanceOf(CommitResult.Refused.class);
        }
    }

    @Test
    void transaction_otherBody_throwsAtOnce() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> agent.transact(tx -> {
                    runs.incrementAndGet();
                    tx.put(KEY, "never");
                    tx.append(STREAM, OTHER);
                    return 1;
                }))
                .isInstanceOf(StreamConflictException.class);
        assertThatThrownBy(() -> agent.transact(tx -> {
                    runs.incrementAndGet();
                    tx.append(STREAM, NEXT);
                    tx.append(STREAM, new NewEvent<>("e2", "changed"));
                    return 1;
                }))
                .isInstanceOf(StreamConflictException.class);
        assertThat(runs).hasValue(2);
    }

    @Test
    void transaction_afterOutdatedRead_runsAgain() {
        Key<String> body = Key.text("body");
        agent.put(body, "another").orThrow();
        AtomicInteger runs = new AtomicInteger();
        agent.transact(tx -> {
            String read = tx.get(body).map(Versioned::value).orElseThrow();
            if (runs.incrementAndGet() == 1) {
                agent.put(body, "one").orThrow();
            }
            tx.append(STREAM, new NewEvent<>("e1", read));
            return 1;
        });
        assertThat(runs).hasValue(2);
    }

    @Test
    void otherShape_isAConflict() {
        EventStream<String> later =
                new EventStream<>(STREAM.name(), EventCodec.of(Codec.text()).withUpgrade(1, text -> text));
        assertThat(agent.tryAppend(later, List.of(STORED))).isInstanceOf(StreamConflict.class);
    }

    @Test
    void otherStream_isNoConflict() {
        assertThat(agent.append(EventStream.text("log/b"), OTHER).number()).isEqualTo(1);
    }

    @Test
    void prompt_reusedId_isRefused() {
        for (String body : List.of("one", "another")) {
            assertThatThrownBy(() -> SqlPrompt.run(
                            store.file(),
                            "INSERT INTO event_log (stream, event_id, body) VALUES ('log/a', 'e1', '" + body + "')"))
                    .hasMessageContaining("stored once");
        }
    }
}
