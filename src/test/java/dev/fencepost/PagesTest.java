package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.history.PrunedException;
import dev.fencepost.history.Retention;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.testing.OpenStoreTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of keys: bounds, edge cases, and writes by others between two pages. */
class PagesTest extends OpenStoreTest {
    private static final Prefix<String> KEYS = Prefix.text("k/");

    private Agent agent;

    @Override
    protected StoreConfig config() {
        return super.config().withDurability(Durability.PROCESS_DEATH);
    }

    @BeforeEach
    void open() {
        agent = store.agent("planner");
    }

    private void put(String... keys) {
        WriteBatch writes = WriteBatch.of();
        for (String key : keys) {
            writes = writes.put(Key.text(key), "value of " + key);
        }
        agent.commit(writes).orThrow();
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj("k/%05d"::formatted).toList();
    }

    private static List<String> names(List<? extends Versioned<?>> found) {
        return found.stream().map(versioned -> versioned.key().name()).toList();
    }

    /** Reads all pages of a prefix, and calls a function after each. */
    private static List<String> paged(Reader reader, Prefix<String> prefix, int limit, Consumer<List<String>> between) {
        List<String> all = new ArrayList<>();
        String after = "";
        Page<Versioned<String>> page;
        do {
            page = reader.list(prefix, after, limit);
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            assertThat(page.isEmpty() && page.more()).isFalse();
            all.addAll(names(page));
            after = all.isEmpty() ? "" : all.get(all.size() - 1);
            between.accept(all);
        } while (page.more());
        return all;
    }

    @Test
    void pages_ofAnySize_makeUpTheWholeList() {
        put("k", "k/", "k/a", "k/a/", "k/a!", "k/aa", "k/\ud7ff", "k/\ue000", "k/\uffff", "k/\ud83d\ude00", "k0", "l");
        agent.put(Key.text("k/gone"), "x").orThrow();
        agent.delete(Key.text("k/gone")).orThrow();
        for (String name : List.of("", "k", "k/", "k/a", "k/\uffff", "\udbff\udfff", "none")) {
            Prefix<String> prefix = Prefix.text(name);
            List<String> whole = names(store.list(prefix));
            try (Snapshot snapshot = store.snapshot()) {
                for (int limit = 1; limit <= whole.size() + 1; limit++) {
                    assertThat(paged(store, prefix, limit, all -> {})).isEqualTo(whole);
                    assertThat(paged(snapshot, prefix, limit, all -> {})).isEqualTo(whole);
                    int size = limit;
                    assertThat(agent.<List<String>>transact(tx -> paged(tx, prefix, size, all -> {})))
                            .isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void page_atEndOfList_hasNoMore() {
        put(numbered(5).toArray(String[]::new));
        assertThat(store.list(KEYS, "", 4).more()).isTrue();
        assertThat(store.list(KEYS, "", 5).more()).isFalse();
        assertThat(store.list(KEYS, "k/00003", 1).more()).isFalse();
        assertThat(store.list(KEYS, "k/00004", 1)).isEmpty();
        assertThat(store.list(KEYS, "l", 1).more()).isFalse();
        assertThat(names(store.list(KEYS, "a", 1))).containsExactly("k/00000");
        assertThat(names(store.list(KEYS, "k/00001x", 1))).containsExactly("k/00002");
    }

    @Test
    void page_overSizeLimit_endsBeforeTheText() {
        String half = "x".repeat((int) Page.MAX_BYTES / 2);
        agent.put(Key.text("k/1"), half).orThrow();
        agent.put(Key.text("k/2"), half).orThrow();
        agent.put(Key.text("k/3"), "y").orThrow();
        agent.put(Key.text("k/4"), half + half + half).orThrow();
        agent.put(Key.text("k/5"), "z").orThrow();
        for (Reader reader : List.of(store, store.snapshot())) {
            assertThat(names(reader.list(KEYS, "", 9))).containsExactly("k/1", "k/2");
            assertThat(names(reader.list(KEYS, "k/2", 9))).containsExactly("k/3");
            assertThat(names(reader.list(KEYS, "k/3", 9))).containsExactly("k/4");
            assertThat(reader.list(KEYS, "k/3", 9).more()).isTrue();
            assertThat(reader.list(KEYS, "k/4", 9).more()).isFalse();
            assertThat(reader.list(KEYS)).hasSize(5);
        }
        assertThat(paged(store, KEYS, 9, all -> {})).hasSize(5);
    }

    @Test
    void completeList_overLimit_isRefused() {
        List<String> all = numbered(Page.MAX_ENTRIES);
        put(all.toArray(String[]::new));
        assertThat(store.list(KEYS)).hasSize(Page.MAX_ENTRIES);
        assertThat(store.list(KEYS, "", Page.MAX_ENTRIES).more()).isFalse();
        put("k/x");
        try (Snapshot snapshot = store.snapshot()) {
            for (Reader reader : List.of(store, snapshot)) {
                assertThatThrownBy(() -> reader.list(KEYS))
                        .isInstanceOf(ResultTooLargeException.class)
                        .hasMessageContainingAll(
                                "'k/'", "10000 entries", "67108864 bytes", "list(prefix, after, limit)");
                assertThat(reader.list(KEYS, "", Page.MAX_ENTRIES).more()).isTrue();
                assertThat(names(reader.list(KEYS, all.get(Page.MAX_ENTRIES - 1), 1)))
                        .containsExactly("k/x");
            }
        }
        assertThatThrownBy(() -> agent.transact(tx -> tx.list(KEYS))).isInstanceOf(ResultTooLargeException.class);
    }

    @Test
    void limitOrName_outOfBounds_isRefused() {
        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, Page.MAX_ENTRIES + 1, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> store.list(KEYS, "", limit))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(Integer.toString(limit), "1 to 10000");
        }
        for (String after : List.of("\ud83d", "a\u0000", "a\n", "x".repeat(513))) {
            assertThatThrownBy(() -> store.list(KEYS, after, 1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> store.claims(after, 1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> agent.feed().cursors(after, 1)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> agent.sagas().list(true, after, 1)).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void remainingKeys_duringWrites_areListedOnce() {
        Random random = new Random(7);
        List<String> stayed = numbered(200);
        put(stayed.toArray(String[]::new));
        int[] next = {0};
        List<String> listed = paged(store, KEYS, 7, all -> {
            String here = all.get(all.size() - 1);
            // Behind the cursor, at it, and before it; some are deleted again.
            put("k/" + random.nextInt(10) + "-" + next[0], here + "!", here.substring(0, 4) + "~" + next[0]);
            agent.put(Key.text(here), "newer").orThrow();
            if (next[0]++ % 2 == 0) {
                agent.delete(Key.text(here + "!")).orThrow();
            }
        });
        assertThat(listed).doesNotHaveDuplicates().isSorted();
        assertThat(listed.stream().filter(stayed::contains)).containsExactlyElementsOf(stayed);
    }

    @Test
    void snapshotPages_duringWrites_areOfOneSnapshot() {
        List<String> before = numbered(20);
        put(before.toArray(String[]::new));
        try (Snapshot snapshot = store.snapshot()) {
            List<String> listed = paged(snapshot, KEYS, 3, all -> {
                put("k/00000a", "k/00010a", "k/9");
                agent.delete(Key.text("k/00019")).orThrow();
                agent.put(Key.text("k/00019"), "again").orThrow();
            });
            assertThat(listed).isEqualTo(before);
        }
    }

    @Test
    void snapshotPage_beforeAPrunedKey_isStillRead() {
        put("k/1", "k/2", "k/3");
        long then = store.position().sequence();
        put("k/2");
        agent.retention().setRule("", RetentionPolicy.latest(1));
        agent.retention().apply();
        try (Snapshot snapshot = store.snapshotAt(then)) {
            assertThat(names(snapshot.list(KEYS, "", 1))).containsExactly("k/1");
            assertThatThrownBy(() -> snapshot.list(KEYS, "", 2)).isInstanceOf(PrunedException.class);
            assertThatThrownBy(() -> snapshot.list(KEYS, "k/1", 1)).isInstanceOf(PrunedException.class);
            assertThat(names(snapshot.list(KEYS, "k/2", 1))).containsExactly("k/3");
            assertThatThrownBy(() -> snapshot.list(KEYS)).isInstanceOf(PrunedException.class);
        }
    }

    @Test
    void rules_moreThanTheMost_areRefused() throws SQLException {
        // One call per rule would take long, so SQL inserts them.
        SqlPrompt.run(folder.resolve("a.db"), """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
                INSERT INTO retention_rules (prefix, max_versions) SELECT 'r/' || i, 1 FROM n""");
        assertThat(agent.retention().rules()).hasSize(Retention.MAX_RULES);
        assertThatThrownBy(() -> agent.retention().setRule("s/", RetentionPolicy.latest(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'s/'", "10000");
        agent.retention().setRule("r/7", RetentionPolicy.latest(2));
        SqlPrompt.run(folder.resolve("a.db"), "INSERT INTO retention_rules (prefix, max_versions) VALUES ('s/', 1)");
        assertThatThrownBy(() -> agent.retention().rules()).isInstanceOf(ResultTooLargeException.class);
        agent.retention().removeRule("s/");
        assertThat(agent.retention().rules()).hasSize(Retention.MAX_RULES);
    }
}
