package dev.fencepost.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.ClaimToken;
import dev.fencepost.CommitId;
import dev.fencepost.FencepostException;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Position;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Calls methods with hostile strings and numbers. Each call must succeed or be refused with an error of the library.
 */
final class CallFuzz {
    private static final Key<String> TEXT = Key.text("typed");

    private final Store store;
    private final long seed;
    private final List<Call> calls = List.of(
            words -> use(Key.text(words.any())),
            words -> use(Prefix.text(words.any())),
            words -> use(EventStream.text(words.any())),
            words -> use(Position.parse(words.of('T'))),
            words -> use(new ClaimToken(words.of('T'))),
            words -> use(here().agent(words.any()).name()),
            words -> use(agent().tryPut(Key.text(words.of('K')), words.any())),
            words -> use(agent().tryPut(Key.text(words.of('K')), words.any(), Precondition.ifVersion(words.number()))),
            words -> use(here().get(Key.text(words.of('K')))),
            words -> use(here().list(Prefix.text(words.of('K')))),
            words -> use(here().get(TEXT, Freshness.atLeast(Position.parse(words.of('T'))))),
            words -> use(here().get(TEXT, Freshness.atLeast(new Position(here().id(), words.number())))),
            words -> use(here().get(TEXT, Freshness.maxStaleness(length(words)))),
            words -> json(words),
            words -> use(agent().resume(new ClaimToken(words.of('T')))),
            words -> use(agent().sagas().resumeTask(new ClaimToken(words.of('T')))),
            words -> use(agent().sagas().find(words.of('I'))),
            words -> agent().sagas().cancel(words.of('I'), words.any()),
            words -> use(agent().sagas().forget(length(words))),
            words -> agent().feed().move(words.of('I'), words.number()),
            words -> agent().feed().drop(words.of('I')),
            words -> use(
                    agent().feed().read(ChangeSource.values(Prefix.text("")), words.number(), (int) words.number())),
            words -> use(Cursor.of(words.any(), ChangeSource.values(Prefix.text(words.any())))),
            words -> use(here().outcome(new CommitId(here().id(), words.number(), words.number(), words.number()))),
            words -> here().snapshotAt(words.number()).close(),
            words -> here().snapshotAt(time(words)).close(),
            words -> use(here().history().version(TEXT, words.number())),
            words -> use(here().history().of(TEXT, (int) words.number())),
            words -> use(here().history().dependencies(TEXT, words.number())),
            words -> use(here().history().refusals((int) words.number())),
            words -> use(here().events(EventStream.text(words.of('S')), words.number(), (int) words.number())),
            words -> use(agent().tryAppend(
                            EventStream.text(words.of('S')), List.of(new NewEvent<>(words.any(), words.any())))),
            words -> use(agent().tryAppendAfter(EventStream.text(words.of('S')), words.number(), List.of())),
            words -> use(here().awaitChange(TEXT, words.number(), Duration.ZERO)),
            words -> use(Lease.of(length(words))),
            words -> use(agent().claim(Key.text(words.of('K')), Lease.of(length(words)))),
            words -> use(agent().revoke(Key.text(words.of('K')))),
            words -> agent().retention().setRule(words.of('K'), RetentionPolicy.latest((int) words.number())),
            words -> agent().retention().setRule(words.of('K'), RetentionPolicy.within(length(words))),
            words -> agent().retention().removeRule(words.of('K')));

    /** One call with hostile strings and numbers. */
    @FunctionalInterface
    private interface Call {
        void with(MaliciousStrings words);
    }

    CallFuzz(Store store, long seed) {
        this.store = store;
        this.seed = seed;
    }

    private Store here() {
        return store;
    }

    private Agent agent() {
        return store.agent("k1");
    }

    private static void use(Object answer) {
        assertThat(answer).isNotNull();
    }

    private void json(MaliciousStrings words) {
        agent().put(TEXT, words.any()).orThrow();
        use(store.get(Key.json(TEXT.name(), Map.class)));
    }

    private static Duration length(MaliciousStrings words) {
        return words.below(2) == 0 ? Duration.ofSeconds(words.number()) : Duration.ofMillis(words.below(100_000));
    }

    private static Instant time(MaliciousStrings words) {
        return switch (words.below(3)) {
            case 0 -> Instant.MAX;
            case 1 -> Instant.MIN;
            default -> Instant.ofEpochMilli(words.number());
        };
    }

    /** Makes the call with this number. */
    void run(long number) {
        MaliciousStrings words = new MaliciousStrings(new SplittableRandom(seed * 1_000_003 + number));
        try {
            words.one(calls).with(words);
        } catch (FencepostException e) {
            assertThat(e.code()).isNotEmpty();
            assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ", number " + number, e);
        }
    }
}
