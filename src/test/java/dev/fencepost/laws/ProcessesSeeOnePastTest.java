package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.event.Batch;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.laws.HistoryModel.Entry;
import dev.fencepost.laws.HistoryModel.Source;
import dev.fencepost.testing.WorkerProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random writes by several processes that report what each commit did. In commit order, the reports are the whole
 * history: every process reads each past state so, or as pruned.
 */
class ProcessesSeeOnePastTest extends LawTest {
    private static final int WRITERS = 4;
    private static final int COMMANDS = 120;

    private static final Map<String, RetentionPolicy> RULES =
            Map.of("a/", RetentionPolicy.latest(3), "b/", RetentionPolicy.latest(2));

    /** The effects of one commit, as reported by the process that made it. */
    private record Done(long sequence, List<String> words) {
        static Done of(String told) {
            List<String> words = List.of(told.split(" "));
            return new Done(Long.parseLong(words.get(1)), words.subList(2, words.size()));
        }
    }

    @Test
    void reportedCommits_matchReadsAtEverySequence() {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("processes beside each other: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        Store store = open();
        List<WorkerProcess> workers = workers(WRITERS + 1);
        HistoryModel model = new HistoryModel();

        write(workers.subList(0, WRITERS), model, random);
        long before = model.last();
        for (long sequence = 0; sequence <= before; sequence++) {
            assertThat(HistoryCommands.past(store, sequence)).isEqualTo(past(model, sequence));
        }

        Map<Long, Snapshot> open = new TreeMap<>();
        open.put(before / 2, store.snapshotAt(before / 2));
        open.put(before, store.snapshot());
        RULES.forEach((prefix, keep) -> store.agent("operator").retention().setRule(prefix, keep));
        workers.get(WRITERS).tell("retain", "1").expect("retains");
        write(workers.subList(0, WRITERS), model, random);

        // Retention has pruned nothing that is pinned.
        open.forEach((sequence, then) -> {
            HistoryCommands.KEYS.forEach(
                    key -> assertThat(HistoryReads.get(then, key)).isEqualTo(model.get(sequence, key)));
            HistoryCommands.STREAMS.forEach(stream ->
                    assertThat(HistoryReads.events(then, stream, 0)).isEqualTo(model.events(sequence, stream, 0)));
        });
        open.values().forEach(Snapshot::close);
        store.agent("operator").retention().apply();
        model.retain(RULES, 0, List.of());
        compare(store, model, workers.get(random.nextInt(WRITERS)));
        assertThat(store.check().findings()).isEmpty();
    }

    /** Lets all processes write, and replays their reports in commit order. */
    private static void write(List<WorkerProcess> writers, HistoryModel model, Random random) {
        writers.forEach(worker -> worker.tell("wander", Integer.toString(COMMANDS), Long.toString(random.nextLong())));
        List<Done> all = new ArrayList<>();
        for (WorkerProcess worker : writers) {
            for (String told = worker.answer(); !told.equals("wandered"); told = worker.answer()) {
                assertThat(told).startsWith("did ");
                all.add(Done.of(told));
            }
        }
        all.sort(Comparator.comparingLong(Done::sequence));
        for (Done done : all) {
            assertThat(model.begin(done.sequence())).isEqualTo(done.sequence());
            replay(model, done.words());
        }
    }

    private static void replay(HistoryModel model, List<String> words) {
        for (int i = 0; i < words.size(); ) {
            String name = words.get(i + 1);
            long number = Long.parseLong(words.get(i + 2));
            Entry entry;
            if (words.get(i).equals("event")) {
                entry = model.append(name, words.get(i + 3), words.get(i + 4));
                i += 5;
            } else {
                entry = model.write(name, Optional.of(words.get(i + 3)).filter(text -> !text.equals("-")));
                i += 4;
            }
            // A transaction that found the key absent does not know its version number.
            assertThat(number).isIn(entry.number(), -1L);
        }
    }

    private static String past(HistoryModel model, long sequence) {
        List<String> all = new ArrayList<>();
        HistoryCommands.KEYS.forEach(
                key -> all.add(model.isGone(sequence, key) ? HistoryModel.GONE : model.get(sequence, key)));
        List.of("", "a/", "b/")
                .forEach(prefix ->
                        all.add(model.isListGone(sequence, prefix) ? HistoryModel.GONE : model.list(sequence, prefix)));
        HistoryCommands.STREAMS.forEach(stream -> all.add(
                model.areEventsGone(sequence, stream, 0) ? HistoryModel.GONE : model.events(sequence, stream, 0)));
        return String.join(" ", all);
    }

    private static void compare(Store store, HistoryModel model, WorkerProcess other) {
        for (long sequence = 0; sequence <= model.last(); sequence++) {
            String expected = past(model, sequence);
            assertThat(HistoryCommands.past(store, sequence))
                    .as("as of %s", sequence)
                    .isEqualTo(expected);
            assertThat(other.ask("past", Long.toString(sequence)))
                    .as("as of %s in another process", sequence)
                    .isEqualTo(expected);
        }
        for (String key : HistoryCommands.KEYS) {
            assertThat(HistoryReads.history(store, key)).isEqualTo(model.history(key));
        }
        Agent reader = store.agent("reader");
        for (Source source : List.of(
                new Source(true, "", false),
                new Source(true, "b/", false),
                new Source(true, "c", false),
                new Source(false, "", false),
                new Source(false, HistoryCommands.LOG, true))) {
            for (long after = 0; after <= model.last(); after++) {
                Optional<Batch<Entry>> batch = HistoryReads.read(reader.feed(), source, after, 20);
                assertThat(batch.isPresent())
                        .isEqualTo(model.evictedAfter(source, after).isEmpty());
                long from = after;
                batch.ifPresent(
                        read -> assertThat(read.changes()).isEqualTo(model.changes(source, from, read.through())));
            }
        }
    }
}
