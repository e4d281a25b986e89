package dev.fencepost.laws;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The commands of a {@link LawWorker} that consume by cursors, and that write changes for consumers. */
final class ChangeFeedCommands {
    /** The prefix of all consumed keys. */
    static final Prefix<String> IN = Prefix.text("in/");

    private static final Duration LEASE = Duration.ofMillis(400);
    private static final Duration LONG_WAIT = Duration.ofMinutes(1);
    private static final int BATCH = 5;
    private static final int KEYS = 6;

    private final List<Subscription> running = new ArrayList<>();
    private Optional<ClaimedBatch<Change<String>>> taken = Optional.empty();

    /** Returns a cursor that consumes a few changes at a time, under a short lease. */
    static Cursor<Change<String>> cursor(String name) {
        return Cursor.of(name, ChangeSource.values(IN)).withBatch(BATCH).withLease(Lease.of(LEASE));
    }

    /** Returns the record of a consumed change. */
    static String told(Change<String> change) {
        return change.key() + "#" + change.stamp().version();
    }

    /** Returns the stream that records the changes consumed by a cursor. */
    static EventStream<String> told(String cursor) {
        return EventStream.text("told/" + cursor);
    }

    Optional<String> answer(Agent agent, String[] words) {
        return Optional.ofNullable(
                switch (words[0]) {
                    case "project" -> project(agent, words[1]);
                    case "subscribe" -> subscribe(agent, words[1]);
                    case "take" -> take(agent, words[1]);
                    case "acknowledge" -> {
                        taken.orElseThrow().acknowledge();
                        yield "acknowledged";
                    }
                    case "project-taken" -> {
                        taken.orElseThrow().project(tx -> tx.put(Key.text(words[1]), words[2]));
                        yield "projected";
                    }
                    case "scribble" -> scribble(agent, Integer.parseInt(words[1]), Long.parseLong(words[2]));
                    default -> null;
                });
    }

    private String project(Agent agent, String cursor) {
        running.add(agent.feed().project(cursor(cursor), (tx, change) -> {
            // With a random event ID: a change that takes effect twice is recorded twice.
            tx.append(told(cursor), NewEvent.of(told(change) + " " + pid()));
            count(tx, Key.text("count/" + cursor + "/" + change.key()));
        }));
        return "projects";
    }

    private static void count(Transaction tx, Key<String> count) {
        long before = tx.get(count).map(Versioned::value).map(Long::valueOf).orElse(0L);
        tx.put(count, Long.toString(before + 1));
    }

    /** Records each change in a commit of its own, so that the commit order tells which process saw it first. */
    private String subscribe(Agent agent, String cursor) {
        running.add(agent.feed().subscribe(cursor(cursor), change -> {
            agent.append(told(cursor), NewEvent.of(told(change) + " " + pid()));
        }));
        return "subscribes";
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private String take(Agent agent, String cursor) {
        taken = agent.feed().claimBatch(cursor(cursor), LONG_WAIT);
        return "taken " + taken.orElseThrow().changes().size();
    }

    /** Makes random commits of one or several keys, with deletions, and with writes of keys that no cursor consumes. */
    private static String scribble(Agent agent, int commits, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < commits; i++) {
            WriteBatch writes = WriteBatch.of();
            for (int k = 0; k < KEYS; k++) {
                if (random.nextInt(KEYS) == 0) {
                    writes.put(IN.key("k" + k), pid() + "-" + i);
                }
            }
            if (random.nextInt(4) == 0) {
                writes.put(Key.text("other"), "x");
            }
            agent.commit(writes).orThrow();
            if (random.nextInt(8) == 0) {
                agent.transact(tx -> {
                    tx.delete(IN.key("k" + random.nextInt(KEYS)));
                    return true;
                });
            }
        }
        return "scribbled";
    }
}
