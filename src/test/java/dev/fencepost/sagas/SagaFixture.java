package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store with some stock, and steps for sagas. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class SagaFixture {
    static final Key<String> STOCK = Key.text("stock");
    static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

    @TempDir
    Path folder;

    final SettableClock clock = new SettableClock();
    final List<String> effects = Collections.synchronizedList(new ArrayList<>());
    Store store;
    Agent agent;

    @BeforeEach
    void open() {
        store = Store.open(
                StoreConfig.of(folder.resolve("a.db")).withClock(clock).withElapsedTime(clock::nanos));
        agent = store.agent("planner");
        agent.put(STOCK, "10").orThrow();
    }

    @AfterEach
    void close() {
        assertThat(store.check().findings()).isEmpty();
        store.close();
    }

    final StoreStep<String, String> reserve() {
        return StoreStep.<String>of("reserve", (tx, context) -> {
                    int left = Integer.parseInt(tx.get(STOCK).orElseThrow().value());
                    if (left == 0) {
                        throw StepFailedException.permanent("sold out");
                    }
                    tx.put(STOCK, Integer.toString(left - 1));
                    return "one of " + left;
                })
                .compensatedBy((tx, context, output) -> tx.put(
                        STOCK,
                        Integer.toString(
                                Integer.parseInt(tx.get(STOCK).orElseThrow().value()) + 1)))
                .retry(TWICE);
    }

    final ExternalStep<String, String> effect(String name) {
        return ExternalStep.<String>of(name, context -> {
                    effects.add(name + " " + context.idempotencyKey().split("/")[1]);
                    return name + " for " + context.input();
                })
                .compensatedBy(
                        context -> "undo " + name,
                        (context, input, output) -> effects.add(input + " " + output.isPresent()))
                .retry(TWICE)
                .compensationRetry(TWICE);
    }

    final ExternalStep<String, String> failing(String name, Exception how) {
        return ExternalStep.<String>of(name, context -> {
                    effects.add(name);
                    throw how;
                })
                .compensatedBy((context, input, output) -> effects.add("undo " + name))
                .retry(TWICE);
    }

    /**
     * Returns a step that fails once the other step of its group has started. A step that has not started by then never
     * starts.
     */
    final ExternalStep<String, String> failingBeside(String name, Exception how) {
        return ExternalStep.<String>of(name, context -> {
                    effects.add(name);
                    awaitEntries(context.saga(), JournalEntry.Type.STARTED, 2);
                    throw how;
                })
                .retry(TWICE);
    }

    /** Waits until a journal has this number of entries of a type. */
    final void awaitEntries(String saga, JournalEntry.Type kind, int count) {
        while (Collections.frequency(kinds(saga), kind) < count) {
            Thread.onSpinWait();
        }
    }

    static SagaDefinition<String> order() {
        return SagaDefinition.of("order", 1, Codec.text());
    }

    final String stock() {
        return store.get(STOCK).orElseThrow().value();
    }

    final List<JournalEntry.Type> kinds(String saga) {
        return agent.sagas().find(saga).orElseThrow().journal().stream()
                .map(JournalEntry::type)
                .toList();
    }
}
