package dev.fencepost.verification.faults;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kinds of commits. Each has a preparation, an attempt and a check of its effect. */
enum CommitKind {
    PUT {
        @Override
        void attempt(Hand hand, int n) {
            hand.agent.put(key(n, "a"), "1").orThrow();
        }

        @Override
        boolean landed(Store store, int n) {
            return store.get(key(n, "a")).isPresent();
        }
    },
    SEVERAL_KEYS {
        @Override
        void attempt(Hand hand, int n) {
            hand.agent
                    .commit(WriteBatch.of()
                            .put(key(n, "a"), "1")
                            .put(key(n, "b"), "x".repeat(9_000))
                            .put(key(n, "c"), "3"))
                    .orThrow();
        }

        @Override
        boolean landed(Store store, int n) {
            return allOrNone(store.list(Prefix.text(path(n))).size(), 3);
        }
    },
    TRANSACTION {
        @Override
        void prepare(Hand hand, int n) {
            hand.agent.put(key(n, "from"), "10").orThrow();
        }

        @Override
        void attempt(Hand hand, int n) {
            hand.agent.transact(tx -> {
                int from = Integer.parseInt(tx.get(key(n, "from")).orElseThrow().value());
                tx.put(key(n, "from"), "" + (from - 1));
                tx.put(key(n, "to"), "1");
                return from;
            });
        }

        @Override
        boolean landed(Store store, int n) {
            boolean taken = store.get(key(n, "from")).orElseThrow().value().equals("9");
            boolean given = store.get(key(n, "to")).isPresent();
            return allOrNone((taken ? 1 : 0) + (given ? 1 : 0), 2);
        }
    },
    CLAIM {
        @Override
        void attempt(Hand hand, int n) {
            hand.claims.put(n, hand.agent.claim(key(n, "a"), LEASE).orThrow());
        }

        @Override
        boolean landed(Store store, int n) {
            return isClaimed(store, n);
        }
    },
    RELEASE {
        @Override
        void prepare(Hand hand, int n) {
            hand.claims.put(n, hand.agent.claim(key(n, "a"), LEASE).orThrow());
        }

        @Override
        void attempt(Hand hand, int n) {
            hand.claims.get(n).release();
        }

        @Override
        boolean landed(Store store, int n) {
            return !isClaimed(store, n);
        }
    },
    SAGA_ENTRY {
        @Override
        void attempt(Hand hand, int n) {
            SagaDefinition<String> order = SagaDefinition.of("order", 1, Codec.text())
                    .step(ExternalStep.<String>of("charge", context -> "paid"));
            hand.agent.sagas().start(order, path(n), "a book");
        }

        @Override
        boolean landed(Store store, int n) {
            return store.agent("reader").sagas().find(path(n)).isPresent();
        }
    },
    EVENT {
        @Override
        void attempt(Hand hand, int n) {
            hand.agent.append(EventStream.text(path(n)), new NewEvent<>("only", "it happened"));
        }

        @Override
        boolean landed(Store store, int n) {
            return allOrNone(store.events(EventStream.text(path(n))).size(), 1);
        }
    },
    FEED_MOVE {
        @Override
        void prepare(Hand hand, int n) {
            hand.agent.put(key(n, "a"), "1").orThrow();
            Cursor<Change<String>> cursor = Cursor.of(path(n), ChangeSource.values(Prefix.text(path(n))));
            hand.batches.put(
                    n,
                    hand.agent.feed().claimBatch(cursor, Duration.ofSeconds(10)).orElseThrow());
        }

        @Override
        void attempt(Hand hand, int n) {
            hand.batches.get(n).acknowledge();
        }

        @Override
        boolean landed(Store store, int n) {
            long changed = store.get(key(n, "a")).orElseThrow().sequence();
            return store.agent("reader").feed().cursors().stream()
                    .anyMatch(cursor -> cursor.name().equals(path(n)) && cursor.position() >= changed);
        }
    },
    RETENTION {
        @Override
        void prepare(Hand hand, int n) {
            for (int version = 1; version <= 3; version++) {
                hand.agent.put(key(n, "a"), "" + version).orThrow();
            }
            hand.agent.retention().setRule(path(n), RetentionPolicy.latest(1));
        }

        @Override
        void attempt(Hand hand, int n) {
            hand.agent.retention().apply();
        }

        /** Returns true: a rule applies until it is removed, so a later run does the work of a failed one. */
        @Override
        boolean comesLater() {
            return true;
        }

        @Override
        boolean landed(Store store, int n) {
            return store.history().version(key(n, "a"), 1) instanceof VersionLookup.Pruned;
        }
    },
    SNAPSHOT_PIN {
        @Override
        void attempt(Hand hand, int n) {
            Snapshot pinned = hand.store.snapshot();
            hand.snapshots.add(pinned);
        }

        /** Returns false: only the acknowledgement shows that a snapshot was pinned. */
        @Override
        boolean isSeen() {
            return false;
        }

        @Override
        boolean landed(Store store, int n) {
            return true;
        }
    };

    private static final Lease LEASE = Lease.of(Duration.ofHours(1));

    /** The store and agent that commit, and the objects that they hold between the steps. */
    static final class Hand {
        final Store store;
        final Agent agent;
        private final Map<Integer, Claim> claims = new HashMap<>();
        private final Map<Integer, ClaimedBatch<Change<String>>> batches = new HashMap<>();
        private final List<Snapshot> snapshots = new ArrayList<>();

        Hand(Store store) {
            this.store = store;
            this.agent = store.agent("doer");
        }

        /** Keeps a claim that belongs to no kind of commit. */
        Claim hold(Claim claim) {
            claims.put(-1, claim);
            return claim;
        }

        Claim held() {
            return claims.get(-1);
        }
    }

    /** Creates the state that the attempt needs. */
    void prepare(Hand hand, int n) {}

    /** Makes one or more commits. */
    abstract void attempt(Hand hand, int n);

    /** Tells whether other processes can see the effect. */
    boolean isSeen() {
        return true;
    }

    /** Tells whether other operations do the work of a failed attempt later. */
    boolean comesLater() {
        return false;
    }

    /** Tells whether the effect is in the store. A partial effect is an error. */
    abstract boolean landed(Store store, int n);

    String path(int n) {
        return name() + "/" + n + "/";
    }

    Key<String> key(int n, String name) {
        return Key.text(path(n) + name);
    }

    boolean isClaimed(Store store, int n) {
        return store.claims().stream().anyMatch(claim -> claim.key().equals(path(n) + "a"));
    }

    private static boolean allOrNone(int there, int all) {
        if (there != 0 && there != all) {
            throw new AssertionError(there + " of " + all + " are there");
        }
        return there == all;
    }
}
