package dev.fencepost.verification.crash;

import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.Subscription;
import dev.fencepost.examples.Curation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Projections that many processes run in turns: one counts the changes of each counter, and one is the curator. */
public final class FeedWorkload {
    private static final Prefix<String> TALLY = Prefix.text("tally/");
    private static final Cursor<Change<String>> CURSOR =
            Cursor.of("tally", ChangeSource.values(Keys.COUNTER)).withLease(CrashMain.LEASE);
    private static final long LOOK_NANOS = 20_000_000;

    private FeedWorkload() {}

    /** Counts each change of a counter. */
    static void project(Workload labour) {
        stand(labour, labour.agent().feed().project(CURSOR, FeedWorkload::count));
    }

    /** Decides on proposals. */
    static void curate(Workload labour) {
        stand(labour, Curation.begin(labour.agent()));
    }

    static void propose(Workload labour) {
        labour.piece(1, work -> {
            Curation.propose(labour.agent(), work, labour.random());
            return OptionalLong.of(0);
        });
    }

    private static void count(Transaction tx, Change<String> change) {
        Key<String> key = TALLY.key(change.key().name());
        int before = tx.get(key).map(found -> Keys.number(found.value())).orElse(0);
        tx.put(key, Keys.value(before + 1, "at " + change.stamp().version()));
    }

    private static void stand(Workload labour, Subscription running) {
        while (running.isRunning()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        labour.ledger().odd("the subscription to " + running.cursor() + " has ended");
        LockSupport.park();
    }

    /** Checks that each change up to the positions of the cursors took effect exactly once; returns the violations. */
    public static List<String> wrong(Store store) {
        List<String> wrong = new ArrayList<>();
        for (CursorInfo cursor : store.agent("reader").feed().cursors()) {
            if (!cursor.name().equals(CURSOR.name())) {
                if (!Curation.found(store).equals(Curation.byHand(store, cursor.position()))) {
                    wrong.add("the curator left something out, or decided it twice, up to " + cursor);
                }
                continue;
            }
            for (Versioned<String> counter : store.list(Keys.COUNTER)) {
                long changes = store.history().of(counter.key()).stream()
                        .filter(change -> change.stamp().sequence() <= cursor.position())
                        .count();
                String expected = changes == 0 ? "none" : changes + " at " + changes;
                String found = store.get(TALLY.key(counter.key().name()))
                        .map(Versioned::value)
                        .orElse("none");
                if (!found.equals(expected)) {
                    wrong.add("of " + counter.key() + " took effect " + found + ", not " + expected);
                }
            }
        }
        return wrong;
    }
}
