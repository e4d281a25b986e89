package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.ReadDependency;
import dev.fencepost.history.RefusalRecord;
import dev.fencepost.testing.OpenStoreTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of versions, events, claims, cursors, read dependencies and refusals; batches of the feed. */
class PagesOfHistoryTest extends OpenStoreTest {
    private static final Key<String> KEY = Key.text("plan");
    private static final EventStream<String> STREAM = EventStream.text("log");
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));
    private static final String HALF = "x".repeat((int) Page.MAX_BYTES / 2);

    private Agent agent;

    @Override
    protected StoreConfig config() {
        return super.config().withDurability(Durability.PROCESS_DEATH).withProvenance(true);
    }

    @BeforeEach
    void open() {
        agent = store.agent("planner");
    }

    /** Reads all pages. Each begins after the name of the last entry of the page before. */
    private static <T, A> List<T> paged(A first, int limit, BiFunction<A, Integer, Page<T>> read, Function<T, A> name) {
        List<T> all = new ArrayList<>();
        A after = first;
        Page<T> page;
        do {
            page = read.apply(after, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.isEmpty() && page.more()).isFalse();
            all.addAll(page);
            after = page.last().map(name).orElse(after);
        } while (page.more());
        return all;
    }

    private static WriteBatch events(int from, int to, String body) {
        return WriteBatch.of()
                .append(
                        STREAM,
                        IntStream.rangeClosed(from, to)
                                .mapToObj(i -> new NewEvent<>("e" + i, body))
                                .toList());
    }

    @Test
    void versions_inPages_areTheWholeHistory() {
        for (int i = 0; i < 7; i++) {
            agent.put(KEY, "v" + i).orThrow();
        }
        agent.delete(KEY).orThrow();
        List<Change<String>> whole = store.history().of(KEY);
        assertThat(whole)
                .hasSize(8)
                .first()
                .satisfies(newest -> assertThat(newest.deleted()).isTrue());
        for (int limit = 1; limit <= 9; limit++) {
            assertThat(paged(
                            Long.MAX_VALUE,
                            limit,
                            (before, most) -> store.history().of(KEY, before, most),
                            change -> change.stamp().version()))
                    .isEqualTo(whole);
        }
        assertThat(store.history().of(KEY, 8).more()).isFalse();
        assertThat(store.history().of(KEY, 7).more()).isTrue();
        assertThat(store.history().of(KEY, 1, 1)).isEmpty();
        assertThatThrownBy(() -> store.history().of(KEY, 0, 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> store.history().of(KEY, Integer.MAX_VALUE)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void longVersions_endAPage_andAreFolded() {
        for (int i = 0; i < 5; i++) {
            agent.put(KEY, HALF + i).orThrow();
        }
        assertThat(store.history().of(KEY, 9)).hasSize(1);
        assertThat(store.history().of(KEY, 9).more()).isTrue();
        assertThat(store.history().of(KEY)).hasSize(5);
        String folded = store.history()
                .fold(
                        KEY,
                        "",
                        (all, change) -> all + change.value().orElseThrow().charAt(HALF.length()));
        assertThat(folded).isEqualTo("01234");
    }

    @Test
    void events_inPages_areTheWholeStream() {
        agent.commit(events(1, 9, "x")).orThrow();
        List<Event<String>> whole = store.events(STREAM);
        assertThat(whole).hasSize(9);
        try (Snapshot snapshot = store.snapshot()) {
            for (Reader reader : List.of(store, snapshot)) {
                for (int limit = 1; limit <= 10; limit++) {
                    assertThat(paged(0L, limit, (after, most) -> reader.events(STREAM, after, most), Event::number))
                            .isEqualTo(whole);
                }
                assertThatThrownBy(() -> reader.events(STREAM, -1, 1)).isInstanceOf(InvalidInputException.class);
                assertThatThrownBy(() -> reader.events(STREAM, 0, Integer.MAX_VALUE))
                        .isInstanceOf(InvalidInputException.class);
            }
        }
        assertThatThrownBy(() -> agent.transact(tx -> tx.events(STREAM, 0, 0)))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void events_tooLargeForOneList_areRefused_butCanBeFolded() {
        agent.commit(events(1, Page.MAX_ENTRIES, "x")).orThrow();
        assertThat(store.events(STREAM)).hasSize(Page.MAX_ENTRIES);
        agent.append(STREAM, new NewEvent<>("long", HALF + HALF + "y"));
        assertThatThrownBy(() -> store.events(STREAM))
                .isInstanceOf(ResultTooLargeException.class)
                .hasMessageContainingAll("'log'", "events(stream, after, limit)");
        assertThatThrownBy(() -> agent.transact(tx -> tx.events(STREAM))).isInstanceOf(ResultTooLargeException.class);
        assertThat(store.events(STREAM, Page.MAX_ENTRIES - 2, 9)).hasSize(2);
        assertThat(store.events(STREAM, Page.MAX_ENTRIES, 9)).hasSize(1);
        Fold<String, Long> lengths =
                new Fold<>("lengths", 1, 0L, (sum, event) -> sum + event.body().length(), Codec.json(Long.class));
        assertThat(store.fold(STREAM, lengths).state()).isEqualTo(Page.MAX_ENTRIES + Page.MAX_BYTES + 1);
    }

    @Test
    void claims_inPages_areAllHeldClaims() {
        List<Claim> held = new ArrayList<>();
        held.add(agent.claim(List.of(Key.text("a"), Key.text("m"), Key.text("z")), LEASE, Duration.ZERO)
                .orThrow());
        for (String key : List.of("c", "x", "\ud83d\ude00", "\uffff")) {
            held.add(agent.claim(Key.text(key), LEASE).orThrow());
        }
        held.get(2).release();
        List<ClaimInfo> whole = store.claims();
        assertThat(whole).extracting(ClaimInfo::key).containsExactly("a", "c", "m", "z", "\uffff", "\ud83d\ude00");
        try (Snapshot snapshot = store.snapshot()) {
            assertThat(snapshot.claims())
                    .extracting(ClaimInfo::key)
                    .isEqualTo(whole.stream().map(ClaimInfo::key).toList());
            for (int limit = 1; limit <= 7; limit++) {
                assertThat(paged("", limit, store::claims, ClaimInfo::key))
                        .extracting(ClaimInfo::key)
                        .isEqualTo(whole.stream().map(ClaimInfo::key).toList());
                assertThat(paged("", limit, snapshot::claims, ClaimInfo::key)).isEqualTo(snapshot.claims());
            }
            assertThat(snapshot.claims("m", 1)).singleElement().satisfies(one -> {
                assertThat(one.key()).isEqualTo("z");
                assertThat(one.epoch()).isEqualTo(1);
                assertThat(one.holder().agent()).isEqualTo("planner");
            });
        }
        held.forEach(Claim::close);
    }

    @Test
    void cursors_inPages_areAll() {
        agent.put(KEY, "x").orThrow();
        for (String name : List.of("a", "b", "c")) {
            agent.feed()
                    .claimBatch(Cursor.of(name, ChangeSource.values(Prefix.text(""))), Duration.ZERO)
                    .orElseThrow()
                    .acknowledge();
        }
        List<CursorInfo> whole = agent.feed().cursors();
        assertThat(whole).hasSize(3);
        for (int limit = 1; limit <= 4; limit++) {
            assertThat(paged("", limit, agent.feed()::cursors, CursorInfo::name))
                    .isEqualTo(whole);
        }
        assertThat(agent.feed().cursor("b")).contains(whole.get(1));
        assertThat(agent.feed().cursor("d")).isEmpty();
    }

    @Test
    void dependenciesAndRefusals_inPages_areAll() {
        agent.transact(tx -> {
            IntStream.range(0, 5).forEach(i -> tx.get(Key.text("read/" + i)));
            tx.put(KEY, "x");
            return 1;
        });
        List<ReadDependency> beliefs = store.history().dependencies(KEY, 1);
        assertThat(beliefs).hasSize(5);
        for (int limit = 1; limit <= 6; limit++) {
            int size = limit;
            assertThat(LongStream.rangeClosed(0, 5 / limit)
                            .mapToObj(page -> store.history().dependencies(KEY, 1, page * size, size))
                            .flatMap(List::stream))
                    .isEqualTo(beliefs);
        }
        assertThat(store.history().dependencies(KEY, 1, 4, 1).more()).isFalse();
        for (int i = 0; i < 4; i++) {
            agent.tryPut(KEY, "never", Precondition.ifVersion(100 + i));
        }
        agent.put(KEY, "y").orThrow();
        List<RefusalRecord> refusals = store.history().refusals(9);
        assertThat(refusals).hasSize(4).extracting(RefusalRecord::number).containsExactly(4L, 3L, 2L, 1L);
        for (int limit = 1; limit <= 5; limit++) {
            assertThat(paged(Long.MAX_VALUE, limit, store.history()::refusals, RefusalRecord::number))
                    .isEqualTo(refusals);
        }
        assertThatThrownBy(() -> store.history().refusals(0, 1)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void batch_overSizeLimit_endsWithACommit() {
        for (int i = 1; i <= 3; i++) {
            agent.put(Key.text("k/" + i), HALF).orThrow();
        }
        agent.commit(WriteBatch.of()
                        .put(Key.text("k/4"), HALF)
                        .put(Key.text("k/5"), HALF)
                        .put(Key.text("k/6"), HALF))
                .orThrow();
        agent.put(Key.text("k/7"), "last").orThrow();
        ChangeSource<Change<String>> source = ChangeSource.values(Prefix.text("k/"));
        List<Integer> sizes = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        Batch<Change<String>> batch = agent.feed().read(source, 0, 100);
        while (!batch.isEmpty()) {
            sizes.add(batch.changes().size());
            batch.changes().forEach(change -> keys.add(change.key().name()));
            batch = agent.feed().read(source, batch.through(), 100);
        }
        assertThat(keys).containsExactly("k/1", "k/2", "k/3", "k/4", "k/5", "k/6", "k/7");
        assertThat(sizes)
                .allSatisfy(size -> assertThat(size).isLessThanOrEqualTo(3))
                .contains(3);
    }
}
