package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Transaction;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.RetentionPolicy;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Transactions that read events from a position that they read elsewhere, while retention prunes. Such a transaction
 * runs again if the position has moved meanwhile. Otherwise it is refused, since another run would fail in the same
 * way.
 */
class OvertakenTransactionsTest extends LawTest {
    private static final EventStream<String> LOG = EventStream.text("log");
    private static final Key<String> FOLD = Key.text("fold/log");
    private static final EventStream<String> FOLDS = EventStream.text("folds");

    @SuppressWarnings("NullAway.Init") // set before each test
    private Agent reader;

    @SuppressWarnings("NullAway.Init")
    private Agent tidier;

    private int runs;

    @BeforeEach
    void eventsOfWhichTheFirstIsFolded() {
        reader = open().agent("reader");
        tidier = open().agent("tidier");
        for (int i = 1; i <= 4; i++) {
            tidier.append(LOG, new NewEvent<>("e" + i, "" + i));
        }
        foldUpTo(1);
        tidier.retention().setRule("log", RetentionPolicy.latest(1));
    }

    private void foldUpTo(long number) {
        tidier.commit(WriteBatch.of()
                        .put(FOLD, "" + number)
                        .append(FOLDS, new NewEvent<>("fold-" + number, "" + number)))
                .orThrow();
    }

    /**
     * Returns the events after the fold. In the first run, retention prunes after the position of the fold was read.
     */
    private List<String> readAfter(ToLongFunction<Transaction> fold, Runnable meanwhile) {
        return reader.transact(tx -> {
            long after = fold.applyAsLong(tx);
            if (++runs == 1) {
                meanwhile.run();
                tidier.retention().apply();
            }
            return tx.events(LOG, after, 10).stream().map(Event::body).toList();
        });
    }

    private static long byKey(Transaction tx) {
        return Long.parseLong(tx.get(FOLD).orElseThrow().value());
    }

    private static long byPrefix(Transaction tx) {
        return Long.parseLong(tx.list(Prefix.text("fold/")).get(0).value());
    }

    private static long byStream(Transaction tx) {
        List<Event<String>> folds = tx.events(FOLDS, 0, 10);
        return Long.parseLong(folds.get(folds.size() - 1).body());
    }

    private void assertRunsAgain(ToLongFunction<Transaction> fold) {
        assertThat(readAfter(fold, () -> foldUpTo(3))).containsExactly("4");
        assertThat(runs).isEqualTo(2);
    }

    @Test
    void prunedRead_positionFromChangedKey_runsAgain() {
        assertRunsAgain(OvertakenTransactionsTest::byKey);
    }

    @Test
    void prunedRead_positionFromChangedPrefix_runsAgain() {
        assertRunsAgain(OvertakenTransactionsTest::byPrefix);
    }

    @Test
    void prunedRead_positionFromExtendedStream_runsAgain() {
        assertRunsAgain(OvertakenTransactionsTest::byStream);
    }

    @Test
    void prunedRead_positionUnchanged_isRefused() {
        List<ToLongFunction<Transaction>> folds = List.of(
                OvertakenTransactionsTest::byKey,
                OvertakenTransactionsTest::byPrefix,
                OvertakenTransactionsTest::byStream,
                tx -> 1);
        for (ToLongFunction<Transaction> fold : folds) {
            runs = 0;
            assertThatThrownBy(() -> readAfter(fold, () -> {})).isInstanceOf(PrunedException.class);
            assertThat(runs).isEqualTo(1);
        }
    }

    @Test
    void prunedRead_newEventsInTheSameStream_isRefused() {
        assertThatThrownBy(() -> readAfter(tx -> 1, () -> tidier.append(LOG, new NewEvent<>("e5", "5"))))
                .isInstanceOf(PrunedException.class);
        assertThat(runs).isEqualTo(1);
    }
}
