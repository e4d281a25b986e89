package dev.fencepost;

import static dev.fencepost.Precondition.ifAbsent;
import static dev.fencepost.Precondition.ifPresent;
import static dev.fencepost.Precondition.ifValue;
import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.OpenStoreTest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The effect of each way to write, and the contents of each refusal. */
class WriteBatchTest extends OpenStoreTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Key<String> OTHER = Key.text("plans/other");

    private Agent planner;

    @Override
    protected String fileName() {
        return "agents.db";
    }

    @BeforeEach
    void open() {
        planner = store.agent("planner");
    }

    @Test
    void put_makesOneVersionAfterTheOther() {
        assertThat(planner.put(PLAN, "a").orThrow().version()).isEqualTo(1);
        Committed<String> second = planner.put(PLAN, "b").orThrow();
        assertThat(second.version()).isEqualTo(2);
        Versioned<String> now = store.get(PLAN).orElseThrow();
        assertThat(now.value()).isEqualTo("b");
        assertThat(now.stamp()).isEqualTo(second.stamp());
        assertThat(now.writer()).isEqualTo("planner");
    }

    @Test
    void ifVersion_onOtherVersion_isRefused_withThePresentOne() {
        planner.put(PLAN, "a").orThrow();
        store.agent("rival").put(PLAN, "b").orThrow();
        Conflict<String> conflict = refused(planner.tryPut(PLAN, "c", ifVersion(1)));
        assertThat(conflict.actual().map(Versioned::value)).contains("b");
        assertThat(conflict.actual().map(Versioned::version)).contains(2L);
        assertThat(conflict.actual().map(Versioned::writer)).contains("rival");
        assertThat(conflict.retryable()).isTrue();
        assertThat(conflict.message()).contains("plans/launch", "version 1", "version 2", "rival");
        assertThat(store.history().of(PLAN)).hasSize(2);
    }

    @Test
    void ifAbsent_onNewOrDeletedKey_isApplied() {
        assertThat(planner.tryPut(PLAN, "a", ifAbsent()).isCommitted()).isTrue();
        assertThat(refused(planner.tryPut(PLAN, "b", ifAbsent())).retryable()).isFalse();
        planner.delete(PLAN).orThrow();
        assertThat(planner.put(PLAN, "c", ifAbsent()).orThrow().version()).isEqualTo(3);
        assertThat(planner.tryPut(OTHER, "d", ifVersion(0)).isCommitted()).isTrue();
    }

    @Test
    void ifVersion_onAbsentKey_isRefused_evenForItsDeletion() {
        assertThat(refused(planner.tryPut(PLAN, "a", ifVersion(1))).latest()).isEmpty();
        planner.put(PLAN, "a").orThrow();
        long deleted = planner.delete(PLAN).orThrow().version();
        Conflict<String> conflict = refused(planner.tryPut(PLAN, "b", ifVersion(deleted)));
        assertThat(conflict.actual()).isEmpty();
        assertThat(conflict.latest().map(Change::deleted)).contains(true);
    }

    @Test
    void ifValue_comparesTheText() {
        planner.put(PLAN, "a").orThrow();
        assertThat(planner.tryPut(PLAN, "b", ifValue("a")).isCommitted()).isTrue();
        assertThat(refused(planner.tryPut(PLAN, "c", ifValue("a"))).actual().map(Versioned::value))
                .contains("b");
        refused(planner.tryPut(OTHER, "c", ifValue("a")));
    }

    @Test
    void ifPresent_onlyOnExistingValue_isApplied() {
        assertThat(refused(planner.tryPut(PLAN, "a", ifPresent())).retryable()).isFalse();
        planner.put(PLAN, "a").orThrow();
        assertThat(planner.tryPut(PLAN, "b", ifPresent()).isCommitted()).isTrue();
    }

    @Test
    void delete_takesAVersion_andAnAbsentKeyIsAConflict() {
        refused(planner.tryDelete(PLAN));
        planner.put(PLAN, "a").orThrow();
        refused(planner.tryDelete(PLAN, ifVersion(7)));
        assertThatThrownBy(() -> planner.tryDelete(OTHER, ifAbsent())).isInstanceOf(InvalidInputException.class);
        assertThat(store.history().of(OTHER)).isEmpty();
        assertThat(planner.delete(PLAN, ifVersion(1)).orThrow().version()).isEqualTo(2);
        assertThat(store.get(PLAN)).isEmpty();
        assertThat(store.history().of(PLAN))
                .extracting(Change::value)
                .containsExactly(Optional.empty(), Optional.of("a"));
    }

    @Test
    void commit_isAtomic_andNamesEveryFailedWrite() {
        planner.put(PLAN, "a").orThrow();
        CommitResult refused = planner.tryCommit(WriteBatch.of()
                .put(PLAN, "b", ifVersion(9))
                .delete(OTHER)
                .put(Key.text("third"), "c")
                .require(Key.text("fourth"), ifPresent()));
        assertThat(((CommitResult.Refused) refused).refusals()).hasSize(3);
        assertThat(store.get(Key.text("third"))).isEmpty();
        List<Committed<?>> applied = planner.commit(WriteBatch.of()
                        .put(PLAN, "b", ifVersion(1))
                        .put(OTHER, "c")
                        .require(Key.text("fourth"), ifAbsent()))
                .orThrow()
                .writes();
        assertThat(applied)
                .extracting(Committed::sequence)
                .containsOnly(applied.get(0).sequence());
        assertThat(applied).hasSize(2);
    }

    @Test
    void commit_returnsEventNumbers_andDuplicates() {
        EventStream<String> log = EventStream.text("log");
        planner.append(log, new NewEvent<>("e1", "first"));
        List<Appended<?>> appended = planner.commit(WriteBatch.of()
                        .put(PLAN, "a")
                        .append(log, List.of(new NewEvent<>("e1", "first"), new NewEvent<>("e2", "second"))))
                .orThrow()
                .appends();
        assertThat(appended).singleElement().satisfies(one -> {
            assertThat(one.stream()).isEqualTo(log);
            assertThat(one.duplicates()).isEqualTo(1);
            assertThat(one.events()).extracting(event -> event.body()).isEqualTo(List.of("first", "second"));
            assertThat(one.events()).extracting(event -> event.number()).containsExactly(1L, 2L);
        });
    }

    @Test
    void commit_basedOnSnapshot_dependsOnItsAppendStreams() {
        EventStream<String> log = EventStream.text("log");
        try (Snapshot then = store.snapshot()) {
            planner.append(EventStream.text("other"), new NewEvent<>("e1", "elsewhere"));
            WriteBatch writes = WriteBatch.of().append(log, new NewEvent<>("e1", "first"));
            assertThat(planner.tryCommit(writes.basedOn(then))).isInstanceOf(CommitResult.Applied.class);
            CommitResult again = planner.tryCommit(
                    WriteBatch.of().append(log, new NewEvent<>("e2", "second")).basedOn(then));
            assertThat(((CommitResult.Refused) again).refusals())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            ReadConflict.class, read -> assertThat(read.read()).isEqualTo("log"));
        }
    }

    @Test
    void commit_basedOnSnapshotOfAnotherStore_isRefused() {
        try (Store elsewhere = Store.open(folder.resolve("elsewhere.db"));
                Snapshot theirs = elsewhere.snapshot()) {
            WriteBatch writes = WriteBatch.of().put(PLAN, "a").basedOn(theirs);
            assertThatThrownBy(() -> planner.tryCommit(writes))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContainingAll(store.id(), elsewhere.id(), "use a snapshot of the same store");
        }
    }

    @Test
    void commit_withDuplicateKey_isRefused() {
        WriteBatch writes = WriteBatch.of().put(PLAN, "a");
        assertThatThrownBy(() -> writes.delete(PLAN)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void update_appliesTheFunction_andAnAbsentKeyNeedsAnInitialValue() {
        assertThatThrownBy(() -> planner.update(PLAN, text -> text + "!"))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.retryable()).isFalse());
        assertThat(planner.update(PLAN, "a", text -> text + "!").value()).isEqualTo("a!");
        assertThat(planner.update(PLAN, text -> text + "!").value()).isEqualTo("a!!");
    }

    @Test
    void update_ofDeletedKey_namesTheDeleter() {
        planner.put(PLAN, "a").orThrow();
        store.agent("rival").delete(PLAN).orThrow();
        assertThatThrownBy(() -> planner.update(PLAN, text -> text + "!"))
                .isInstanceOfSatisfying(ConflictException.class, e -> {
                    assertThat(e.refusal().latest().map(Change::deleted)).contains(true);
                    assertThat(e).hasMessageContaining("rival");
                });
    }

    @Test
    void exhaustedUpdate_throws_withTheLastRefusal() {
        planner.put(PLAN, "a").orThrow();
        RetryPolicy twice = RetryPolicy.standard().maxAttempts(2);
        assertThatThrownBy(() -> planner.update(
                        PLAN,
                        "",
                        text -> {
                            store.agent("rival").put(PLAN, text + "x").orThrow();
                            return "mine";
                        },
                        twice))
                .isInstanceOfSatisfying(RetriesExhaustedException.class, e -> {
                    assertThat(e.attempts()).isEqualTo(2);
                    assertThat(e.last()).singleElement().isInstanceOf(Conflict.class);
                });
    }

    @Test
    void json_isStoredAsText_andInvalidJsonIsACodecError() {
        Key<Map<?, ?>> key = mapKey("memory");
        planner.put(key, Map.of("b", 1, "a", List.of(2))).orThrow();
        assertThat(store.get(Key.text("memory")).orElseThrow().value()).isEqualTo("{\"a\":[2],\"b\":1}");
        planner.put(Key.text("memory"), "{broken").orThrow();
        assertThatThrownBy(() -> store.get(key))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("Version 2 of 'memory'");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Key<Map<?, ?>> mapKey(String name) {
        return (Key) Key.json(name, Map.class);
    }

    @Test
    void list_isSortedByName_withoutDeletedKeys() {
        for (String name : List.of("b/2", "b/1", "a", "b/3", "c")) {
            planner.put(Key.text(name), name).orThrow();
        }
        planner.delete(Key.text("b/2")).orThrow();
        assertThat(store.list(Prefix.text("b/"))).extracting(Versioned::value).containsExactly("b/1", "b/3");
        assertThat(store.list(Prefix.text(""))).hasSize(4);
        assertThat(store.list(Prefix.text("nothing/"))).isEmpty();
    }

    /** By code points, as SQLite sorts. Java's order of characters differs beyond the basic plane. */
    @Test
    void list_inTransaction_hasSameOrder_andOwnWrites() {
        Prefix<String> prefix = Prefix.text("b/");
        for (String name : List.of("b/\uFF5E", "b/1", "b/2", "a")) {
            planner.put(Key.text(name), name).orThrow();
        }
        List<String> listed = planner.transact(tx -> {
            tx.put(Key.text("b/\uD83D\uDE00"), "own");
            tx.put(Key.text("b/1"), "changed");
            tx.put(Key.text("c"), "elsewhere");
            tx.delete(Key.text("b/2"));
            return tx.list(prefix).stream().map(Versioned::value).toList();
        });
        assertThat(listed).containsExactly("changed", "b/\uFF5E", "own");
        assertThat(store.list(prefix)).extracting(Versioned::value).isEqualTo(listed);
    }

    @Test
    void closedStore_throwsStoreClosed() {
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get(PLAN)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.list(Prefix.text(""))).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> planner.tryPut(PLAN, "a")).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> planner.claim(PLAN, Lease.of(Duration.ofSeconds(9))))
                .isInstanceOf(StoreClosedException.class);
    }

    @Test
    void unknownOutcome_isResolvedByItsCommitId() throws SQLException {
        Committed<String> committed = planner.put(PLAN, "a").orThrow();
        long process = SqlPrompt.number(store.file(), "SELECT max(id) FROM processes");
        assertThat(store.outcome(new CommitId(store.id(), process, 1, committed.sequence())))
                .isEqualTo(CommitOutcome.APPLIED);
        assertThat(store.outcome(new CommitId(store.id(), process, 2, committed.sequence())))
                .isEqualTo(CommitOutcome.NOT_APPLIED);
    }

    private static <T> Conflict<T> refused(WriteResult<T> result) {
        assertThat(result).isInstanceOf(Conflict.class);
        return (Conflict<T>) result;
    }
}
