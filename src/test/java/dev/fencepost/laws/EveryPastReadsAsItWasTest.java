package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.event.Batch;
import dev.fencepost.laws.HistoryModel.Entry;
import dev.fencepost.laws.HistoryModel.Source;
import dev.fencepost.testing.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Reads as of every commit: after any operations and pruning, each returns the state of then, or that it was pruned.
 */
class EveryPastReadsAsItWasTest extends LawTest {
    private static final int RUNS = Integer.getInteger("fencepost.laws.runs", 100);
    private static final int ACTS = 50;

    private static final List<Source> SOURCES = sources();

    private static List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (String prefix : HistoryModelRun.PREFIXES) {
            sources.add(new Source(true, prefix, false));
            sources.add(new Source(false, prefix, false));
        }
        HistoryModelRun.STREAMS.forEach(stream -> sources.add(new Source(false, stream, true)));
        return sources;
    }

    @Test
    void randomRuns_readAsTheModel_atEverySequence() throws IOException {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("random pasts: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < RUNS; i++) {
            SettableClock clock = new SettableClock();
            StoreConfig config = opener().config(Files.createDirectory(folder.resolve("run-" + i)))
                    .withDurability(Durability.PROCESS_DEATH)
                    .withClock(clock)
                    .withElapsedTime(clock::nanos)
                    // Only the operations of the run show that it lives.
                    .withHeartbeat(Duration.ofHours(1));
            try (Store one = Store.open(config);
                    Store other = Store.open(config)) {
                HistoryModelRun run = new HistoryModelRun(random, clock, one, other);
                try {
                    for (int act = 0; act < ACTS; act++) {
                        run.act();
                    }
                    compare(run, one, other, random);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", run " + i + ":\n  " + run, e);
                }
            }
        }
    }

    private static void compare(HistoryModelRun run, Store one, Store other, Random random) {
        HistoryModel model = run.model;
        for (long sequence = 0; sequence <= model.last(); sequence++) {
            try (Snapshot then = one.snapshotAt(sequence)) {
                compare(model, then, random);
            }
            compareFeed(model, other, SOURCES.get(random.nextInt(SOURCES.size())), sequence, random);
        }
        run.open.values().forEach(then -> compare(model, then, random));
        compareHistory(model, other);
        compareTimes(model, other);
        assertThat(one.check().findings()).isEmpty();
    }

    private static void compare(HistoryModel model, Snapshot then, Random random) {
        long at = then.sequence();
        for (String key : HistoryModelRun.KEYS) {
            assertThat(HistoryReads.get(then, key))
                    .as("%s at %s", key, at)
                    .isEqualTo(model.isGone(at, key) ? HistoryModel.GONE : model.get(at, key));
        }
        for (String prefix : HistoryModelRun.PREFIXES) {
            assertThat(HistoryReads.list(then, prefix))
                    .as("%s* at %s", prefix, at)
                    .isEqualTo(model.isListGone(at, prefix) ? HistoryModel.GONE : model.list(at, prefix));
        }
        for (String stream : HistoryModelRun.STREAMS) {
            long after = random.nextInt((int) model.end(stream) + 1);
            assertThat(HistoryReads.events(then, stream, after))
                    .as("events of %s after %s at %s", stream, after, at)
                    .isEqualTo(
                            model.areEventsGone(at, stream, after)
                                    ? HistoryModel.GONE
                                    : model.events(at, stream, after));
        }
        assertThat(HistoryReads.claims(then.claims())).as("claims at %s", at).isEqualTo(model.claims(at));
    }

    /** Compares the feed from one position to its end, in batches of random size. */
    private static void compareFeed(HistoryModel model, Store store, Source source, long after, Random random) {
        int limit = 1 + random.nextInt(12);
        long position = after;
        for (boolean more = true; more; ) {
            Optional<Batch<Entry>> read =
                    HistoryReads.read(store.agent("reader").feed(), source, position, limit);
            assertThat(read.isEmpty())
                    .as("%s after %s is overtaken", source, position)
                    .isEqualTo(model.evictedAfter(source, position).isPresent());
            if (read.isEmpty()) {
                return;
            }
            Batch<Entry> batch = read.get();
            assertThat(batch.after()).isEqualTo(position);
            assertThat(batch.changes())
                    .as("%s after %s, %s at a time", source, position, limit)
                    .isEqualTo(model.changes(source, position, batch.through()));
            boolean oneCommit =
                    batch.changes().stream().map(Entry::sequence).distinct().count() == 1;
            assertThat(batch.changes().size() <= limit || oneCommit).isTrue();
            more = batch.more();
            assertThat(batch.through()).isGreaterThanOrEqualTo(more ? position + 1 : model.last());
            position = batch.through();
        }
        assertThat(position).isEqualTo(Math.max(after, model.last()));
    }

    private static void compareHistory(HistoryModel model, Store store) {
        long last = model.last();
        for (String key : HistoryModelRun.KEYS) {
            assertThat(HistoryReads.history(store, key)).as("history of " + key).isEqualTo(model.history(key));
            long newest = model.newest(key).map(Entry::number).orElse(0L);
            for (long version = 1; version <= newest + 2; version++) {
                assertThat(HistoryReads.version(store, key, version)).isEqualTo(model.version(key, version));
            }
            assertThat(HistoryReads.get(store, key)).isEqualTo(model.get(last, key));
        }
        assertThat(HistoryReads.list(store, "a/")).isEqualTo(model.list(last, "a/"));
        assertThat(HistoryReads.claims(store.claims())).isEqualTo(model.claims(last));
    }

    private static void compareTimes(HistoryModel model, Store store) {
        Instant begin = new SettableClock().instant();
        for (int i = -1; i < 20; i++) {
            Instant time = begin.plus(Duration.ofMinutes(7L * i));
            try (Snapshot then = store.snapshotAt(time)) {
                assertThat(then.sequence()).as("at %s", time).isEqualTo(model.at(time.toEpochMilli()));
            }
        }
    }
}
