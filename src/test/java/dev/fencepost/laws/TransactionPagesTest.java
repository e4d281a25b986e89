package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transaction that reads pages is serializable, and sees its own writes in them. */
class TransactionPagesTest extends LawTest {
    private static final Prefix<String> ON_CALL = Prefix.text("on-call/");

    @SuppressWarnings("NullAway.Init") // set before each test
    private Agent mine;

    @SuppressWarnings("NullAway.Init")
    private Agent other;

    @BeforeEach
    void openTwice() {
        Store store = open();
        mine = store.agent("mine");
        other = open().agent("other");
        for (int i = 0; i < 6; i++) {
            other.put(key(i), "on").orThrow();
        }
    }

    private static Key<String> key(int i) {
        return ON_CALL.key(Integer.toString(i));
    }

    /** Returns the runs of a transaction; another commit takes place at the end of the first. */
    private int runs(Consumer<Transaction> work, Runnable meanwhile) {
        int[] runs = {0};
        mine.transact(tx -> {
            work.accept(tx);
            tx.put(Key.text("mine"), "run " + runs[0]);
            if (++runs[0] == 1) {
                meanwhile.run();
            }
            return runs[0];
        });
        return runs[0];
    }

    private static List<String> names(List<Versioned<String>> found) {
        return found.stream().map(one -> one.key().name().substring(8)).toList();
    }

    @Test
    void phantom_inAReadPage_runsAgain() {
        assertThat(runs(
                        tx -> tx.list(ON_CALL, "", 3),
                        () -> other.put(ON_CALL.key("0a"), "on").orThrow()))
                .isEqualTo(2);
    }

    @Test
    void phantom_inAnUnreadPart_runsAgain() {
        assertThat(runs(
                        tx -> tx.list(ON_CALL, "", 2),
                        () -> other.put(ON_CALL.key("5a"), "on").orThrow()))
                .isEqualTo(2);
    }

    @Test
    void phantom_outsideThePrefix_doesNotRunAgain() {
        assertThat(runs(
                        tx -> tx.list(ON_CALL, "", 2),
                        () -> other.put(Key.text("on-call"), "on").orThrow()))
                .isEqualTo(1);
    }

    @Test
    void writeSkew_acrossPages_runsAgain() {
        // Each goes off call, since it read that another one is on call.
        assertThat(runs(
                        tx -> {
                            if (tx.list(ON_CALL, "on-call/2", 3).stream()
                                    .anyMatch(one -> one.value().equals("on"))) {
                                tx.put(key(0), "off");
                            }
                        },
                        () -> other.transact(tx -> {
                            if (tx.list(ON_CALL, "", 3).stream()
                                    .anyMatch(one -> one.value().equals("on"))) {
                                tx.put(key(3), "off");
                            }
                            return 1;
                        })))
                .isEqualTo(2);
    }

    @Test
    void pages_duringWrites_areOfOneSnapshot() {
        List<List<String>> seen = new ArrayList<>();
        mine.transact(tx -> {
            List<String> all = new ArrayList<>();
            String after = "";
            Page<Versioned<String>> page;
            do {
                page = tx.list(ON_CALL, after, 2);
                all.addAll(names(page));
                after = page.last().orElseThrow().key().name();
                if (seen.isEmpty()) {
                    other.put(ON_CALL.key("9"), "on").orThrow();
                }
            } while (page.more());
            seen.add(all);
            tx.put(Key.text("mine"), "x");
            return 1;
        });
        assertThat(seen)
                .containsExactly(List.of("0", "1", "2", "3", "4", "5"), List.of("0", "1", "2", "3", "4", "5", "9"));
    }

    @Test
    void ownWrites_areInThePages() {
        mine.transact(tx -> {
            tx.put(ON_CALL.key("0a"), "mine");
            tx.put(ON_CALL.key("5a"), "mine");
            tx.put(Key.text("on-calm"), "not in it");
            tx.delete(key(1));
            assertThat(names(tx.list(ON_CALL, "", 2))).containsExactly("0", "0a");
            assertThat(names(tx.list(ON_CALL, "on-call/0a", 2))).containsExactly("2");
            assertThat(names(tx.list(ON_CALL, "on-call/2", 9))).containsExactly("3", "4", "5", "5a");
            assertThat(tx.list(ON_CALL, "on-call/2", 3).more()).isTrue();
            assertThat(tx.list(ON_CALL, "on-call/2", 4).more()).isFalse();
            assertThat(names(tx.list(ON_CALL, "on-call/5", 1))).containsExactly("5a");
            assertThat(tx.list(ON_CALL, "on-call/5a", 1)).isEmpty();
            return 1;
        });
    }

    @Test
    void keysDeletedByTheTransaction_areSkipped() {
        mine.transact(tx -> {
            for (int i = 0; i < 5; i++) {
                tx.delete(key(i));
            }
            assertThat(names(tx.list(ON_CALL, "", 2))).containsExactly("5");
            assertThat(tx.list(ON_CALL, "", 2).more()).isFalse();
            tx.delete(key(5));
            assertThat(tx.list(ON_CALL, "", 2)).isEmpty();
            assertThat(tx.list(ON_CALL, "", 2).more()).isFalse();
            return 1;
        });
    }
}
