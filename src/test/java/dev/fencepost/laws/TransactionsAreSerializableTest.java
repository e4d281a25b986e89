package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.ReadConflict;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Serializable transactions: reads are validated at commit, so there is no lost update, no write skew and no phantom.
 */
class TransactionsAreSerializableTest extends LawTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");
    private static final Prefix<String> ON_CALL = Prefix.text("on-call/");
    private static final EventStream<String> MOVES = EventStream.text("moves");

    @SuppressWarnings("NullAway.Init") // set before each test
    private Store store;

    @SuppressWarnings("NullAway.Init")
    private Agent mine;

    @SuppressWarnings("NullAway.Init")
    private Agent other;

    @BeforeEach
    void openTwice() {
        store = open();
        mine = store.agent("mine");
        other = open().agent("other");
        other.put(A, "a1").orThrow();
        other.put(B, "b1").orThrow();
    }

    /** Returns the runs of a transaction until it commits; another commit takes place at the end of the first. */
    private int runsUntilCommitted(Consumer<Transaction> work, Runnable meanwhile) {
        int[] runs = {0};
        mine.transact(tx -> {
            work.accept(tx);
            if (++runs[0] == 1) {
                meanwhile.run();
            }
            return runs[0];
        });
        return runs[0];
    }

    @Test
    void lostUpdate_runsAgain() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, tx.get(A).orElseThrow().value() + "+"),
                        () -> other.put(A, "a2").orThrow()))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("a2+");
    }

    @Test
    void writeSkew_runsAgain() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "because " + tx.get(B).orElseThrow().value()),
                        () -> other.transact(tx -> {
                            tx.put(B, "because " + tx.get(A).orElseThrow().value());
                            return 1;
                        })))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("because because a1");
    }

    @Test
    void readOfAbsentKey_isValidated() {
        Key<String> absent = Key.text("absent");
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "" + tx.get(absent).isPresent()),
                        () -> other.put(absent, "x").orThrow()))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("true");
    }

    @Test
    void deletionOfReadKey_isDetected() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "" + tx.get(B).isPresent()),
                        () -> other.delete(B).orThrow()))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("false");
    }

    @Test
    void deletedAndCreatedAsItWas_isStillAChange() {
        assertThat(runsUntilCommitted(tx -> tx.put(A, tx.get(B).orElseThrow().value()), () -> {
                    other.delete(B).orThrow();
                    other.put(B, "b1").orThrow();
                }))
                .isEqualTo(2);
    }

    @Test
    void phantom_runsAgain() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "" + tx.list(ON_CALL).size()),
                        () -> other.put(ON_CALL.key("new"), "x").orThrow()))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
    }

    @Test
    void eventAppendedMeanwhile_runsAgain() {
        other.append(MOVES, new NewEvent<>("move-1", "1"));
        List<List<String>> seen = new ArrayList<>();
        assertThat(runsUntilCommitted(
                        tx -> {
                            seen.add(tx.events(MOVES, 0, 10).stream()
                                    .map(Event::body)
                                    .toList());
                            assertThat(tx.events(MOVES, 1, 10)).hasSize(seen.size() - 1);
                            tx.put(A, "seen");
                        },
                        () -> other.append(MOVES, new NewEvent<>("move-2", "2"))))
                .isEqualTo(2);
        assertThat(seen).containsExactly(List.of("1"), List.of("1", "2"));
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "" + tx.events(MOVES, 0, 10).size()),
                        () -> other.append(EventStream.text("other"), new NewEvent<>("move-3", "3"))))
                .isEqualTo(1);
    }

    @Test
    void endedTransaction_refusesAllOperations() {
        Transaction over = mine.transact(tx -> tx);
        Claim claim = mine.claim(B, Lease.of(Duration.ofMinutes(1))).orThrow();
        List<ThrowingCallable> calls = List.of(
                () -> over.get(A),
                () -> over.list(ON_CALL),
                () -> over.events(MOVES, 0, 10),
                () -> over.append(MOVES, new NewEvent<>("move-1", "1")),
                () -> over.put(A, "late"),
                () -> over.delete(A),
                () -> over.fencedBy(claim));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContaining("has ended");
        }
    }

    @Test
    void writesWithoutEffect_makeNoCommit() {
        long before = other.put(A, "a2").orThrow().sequence();
        mine.commit(WriteBatch.of().require(A, Precondition.ifValue("a2")).require(B, Precondition.ifPresent()))
                .orThrow();
        mine.transact(tx -> {
            tx.delete(Key.text("absent"));
            return "";
        });
        assertThat(other.put(A, "a3").orThrow().sequence()).isEqualTo(before + 1);
    }

    @Test
    void phantom_inTheEmptyPrefix_runsAgain() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(A, "" + tx.list(Prefix.text("")).size()),
                        () -> other.put(Key.text("\uD83D\uDE00"), "beyond the basic plane")
                                .orThrow()))
                .isEqualTo(2);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("3");
    }

    @Test
    void changeOutsideTheReadSet_doesNotConflict() {
        assertThat(runsUntilCommitted(
                        tx -> tx.put(
                                A,
                                tx.get(B).orElseThrow().value()
                                        + tx.list(ON_CALL).size()),
                        () -> other.commit(WriteBatch.of()
                                        .put(Key.text("on-call"), "x")
                                        .put(Key.text("on-call0"), "x"))
                                .orThrow()))
                .isEqualTo(1);
    }

    @Test
    void readSkew_isNeverSeenWithinARun() {
        int[] runs = {0};
        List<String> seen = mine.transact(tx -> {
            String a = tx.get(A).orElseThrow().value();
            if (++runs[0] == 1) {
                other.commit(WriteBatch.of().put(A, "a2").put(B, "b2").put(ON_CALL.key("x"), "2"))
                        .orThrow();
            }
            List<String> cut =
                    new ArrayList<>(List.of(a, tx.get(B).orElseThrow().value()));
            tx.list(ON_CALL).forEach(found -> cut.add(found.value()));
            return cut;
        });
        // A read-only transaction needs no second run: it is serialized before the other.
        assertThat(seen).containsExactly("a1", "b1");
        assertThat(runs[0]).isEqualTo(1);
    }

    @Test
    void ownWrites_areRead() {
        mine.transact(tx -> {
            tx.put(A, "own");
            tx.delete(B);
            tx.put(ON_CALL.key("me"), "own");
            assertThat(tx.get(A).map(Versioned::value)).contains("own");
            assertThat(tx.get(B)).isEmpty();
            assertThat(tx.list(ON_CALL)).hasSize(1);
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("a1");
            return 1;
        });
        assertThat(store.get(B)).isEmpty();
    }

    @Test
    void throwingFunction_writesNothing() {
        IllegalStateException thrown = new IllegalStateException("half way");
        assertThatThrownBy(() -> mine.transact(tx -> {
                    tx.put(A, "half");
                    tx.delete(B);
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("a1");
        assertThat(store.get(B)).isPresent();
        assertThat(store.check().versions()).isEqualTo(2);
    }

    @Test
    void exhaustion_namesTheLastRefusal() {
        RetryPolicy three = RetryPolicy.standard().maxAttempts(3).maxDuration(Duration.ofMinutes(1));
        int[] runs = {0};
        assertThatThrownBy(() -> mine.transact(
                        tx -> {
                            tx.put(A, tx.get(B).orElseThrow().value());
                            return other.put(B, "run " + ++runs[0]).orThrow();
                        },
                        three))
                .isInstanceOfSatisfying(RetriesExhaustedException.class, e -> {
                    assertThat(e.attempts()).isEqualTo(3);
                    assertThat(e.last()).singleElement().isInstanceOfSatisfying(ReadConflict.class, last -> {
                        assertThat(last.changedKey()).isEqualTo("b");
                        assertThat(last.writer()).isEqualTo("other");
                        assertThat(last.changedAt())
                                .isEqualTo(store.get(B).orElseThrow().sequence());
                    });
                });
        assertThat(runs[0]).isEqualTo(3);
        assertThat(store.get(A).orElseThrow().version()).isEqualTo(1);
    }

    @Test
    void twoProcesses_neverBothWithdraw() {
        List<WorkerProcess> workers = workers(2);
        for (int round = 0; round < 200; round++) {
            String prefix = "round-" + round + "/";
            mine.commit(WriteBatch.of().put(Key.text(prefix + "0"), "on").put(Key.text(prefix + "1"), "on"))
                    .orThrow();
            workers.get(0).tell("withdraw", prefix, "0");
            workers.get(1).tell("withdraw", prefix, "1");
            assertThat(workers.stream().map(WorkerProcess::answer)).containsExactlyInAnyOrder("withdrawn", "stays");
            assertThat(store.list(Prefix.text(prefix))).hasSize(1);
        }
    }
}
