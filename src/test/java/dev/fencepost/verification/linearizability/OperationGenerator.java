package dev.fencepost.verification.linearizability;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.Writer;
import dev.fencepost.verification.linearizability.Operation.Outcome;
import dev.fencepost.verification.linearizability.Results.End;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Random operations of one worker through the public API. */
final class OperationGenerator {
    private static final RetryPolicy RETRY =
            new RetryPolicy(20, Duration.ofNanos(100_000), Duration.ofMillis(2), Duration.ofSeconds(1));
    private static final String INITIAL = "initial";
    private static final int MOST_UNDER_CLAIM = 12;

    private final Store store;
    private final Agent agent;
    private final Random random;
    private final Keys keys;
    private final OperationRunner doing;
    private final Map<String, Access> lastSeen = new HashMap<>();
    private Optional<Claim> held = Optional.empty();
    private Map<String, Long> epochs = Map.of();
    private int underClaim;

    OperationGenerator(Store store, String name, Random random, OperationRunner doing) {
        this.store = store;
        this.agent = store.agent(name);
        this.random = random;
        this.keys = new Keys(random);
        this.doing = doing;
    }

    /** Runs one random operation. */
    void next() {
        if (held.isPresent() && underClaim++ > MOST_UNDER_CLAIM) {
            release();
            return;
        }
        int die = random.nextInt(100);
        if (die < 36) {
            read(key());
        } else if (die < 39) {
            list(keys.anyPrefix());
        } else if (die < 62) {
            put(key());
        } else if (die < 66) {
            delete(key());
        } else if (die < 75) {
            update(key());
        } else if (die < 84) {
            commit();
        } else if (die < 97) {
            transact();
        } else if (held.isEmpty()) {
            claim(keys.some(1, 2), Duration.ofMillis(random.nextInt(3) * 5L));
        } else {
            release();
        }
    }

    /** Requests a claim. If it is granted, lets the claim expire and then writes under it. */
    void beLate(Runnable stall) {
        for (int tries = 0; tries < 3 && held.isEmpty(); tries++) {
            claim(keys.some(1, 2), Duration.ofMillis(20));
        }
        stall.run();
        for (int writes = 0; writes < 3 && held.isPresent(); writes++) {
            put(key());
        }
        release();
    }

    /** Releases the claims. */
    void release() {
        held.ifPresent(claim -> {
            doing.run(Operation.RELEASE, epochs, List.of(), () -> {
                claim.release();
                return End.done(epochs, List.of());
            });
            forget();
        });
    }

    private void forget() {
        held = Optional.empty();
        epochs = Map.of();
        underClaim = 0;
    }

    private String key() {
        return held.isPresent() && random.nextInt(4) > 0
                ? List.copyOf(epochs.keySet()).get(random.nextInt(epochs.size()))
                : keys.any();
    }

    private Writer writer() {
        return held.isPresent() ? held.get() : agent;
    }

    private void claim(List<String> names, Duration wait) {
        Lease lease = random.nextBoolean()
                ? Lease.of(Duration.ofMillis(HistoryWorker.LEASE_MILLIS))
                : Lease.withoutHeartbeats(Duration.ofMillis(HistoryWorker.LEASE_MILLIS / 2));
        doing.run(Operation.CLAIM, Map.of(), List.of(), () -> {
            ClaimResult result = agent.claim(names.stream().map(Keys::key).toList(), lease, wait);
            if (!(result instanceof ClaimResult.Granted granted)) {
                return new End(Outcome.REFUSED, Map.of(), List.of(), "busy");
            }
            Map<String, Long> under = new TreeMap<>();
            names.forEach(name -> under.put(name, granted.claim().epoch(Keys.key(name))));
            held = Optional.of(granted.claim());
            epochs = under;
            return End.done(under, List.of());
        });
    }

    /** Runs an operation that may be fenced, and remembers the values that it read. */
    private void run(String kind, List<Access> intended, Supplier<End> body) {
        End end = doing.run(kind, epochs, intended, body);
        if (end.note().equals("fenced")) {
            forget();
        }
        for (Access access : end.accesses()) {
            if (access.sees()) {
                lastSeen.put(access.key(), access);
            } else if (end.outcome() == Outcome.DONE && access.writes()) {
                lastSeen.put(access.key(), Access.read(access.key(), access.version(), access.written()));
            }
        }
    }

    private void read(String key) {
        doingRead("read", () -> End.done(Map.of(), List.of(seen(key, store.get(Keys.key(key))))));
    }

    private void list(String prefix) {
        doingRead("list", () -> End.done(Map.of(), seen(prefix, store.list(Keys.prefix(prefix)))));
    }

    private void doingRead(String kind, Supplier<End> body) {
        End end = doing.run(kind, Map.of(), List.of(), body);
        end.accesses().forEach(access -> lastSeen.put(access.key(), access));
    }

    private static Access seen(String key, Optional<Versioned<String>> found) {
        return found.map(value -> Access.read(key, value.version(), value.value()))
                .orElseGet(() -> Access.absent(key));
    }

    private static List<Access> seen(String prefix, List<Versioned<String>> found) {
        Map<String, Access> seen = new LinkedHashMap<>();
        Keys.under(prefix).forEach(key -> seen.put(key, Access.absent(key)));
        found.forEach(
                value -> seen.put(value.key().name(), Access.read(value.key().name(), value.version(), value.value())));
        return List.copyOf(seen.values());
    }

    /** Returns a precondition on a key, mostly the value that was read last. */
    private String demand(String key) {
        Access last = lastSeen.get(key);
        boolean present = last != null && !last.seen().equals(Access.ABSENT);
        return switch (random.nextInt(8)) {
            case 0, 1 -> Access.ANYTHING;
            case 2 -> random.nextBoolean() ? Access.MUST_BE_PRESENT : Access.MUST_BE_ABSENT;
            case 3 -> present ? Access.mustHave(last.seen()) : Access.MUST_BE_ABSENT;
            default ->
                !present
                        ? Access.MUST_BE_ABSENT
                        : last.seenVersion() > 0 ? Access.mustBeAt(last.seenVersion()) : Access.MUST_BE_PRESENT;
        };
    }

    private void put(String key) {
        Access intended = Access.write(key, demand(key), doing.value(0));
        run(
                "put",
                List.of(intended),
                () -> Results.end(
                        writer().tryPut(Keys.key(key), intended.written(), Results.precondition(intended.demand())),
                        epochs,
                        intended));
    }

    private void delete(String key) {
        String demand = demand(key);
        boolean pointless = demand.equals(Access.MUST_BE_ABSENT) || demand.equals(Access.ANYTHING);
        Access intended = Access.write(key, pointless ? Access.MUST_BE_PRESENT : demand, Access.ABSENT);
        run(
                "delete",
                List.of(intended),
                () -> Results.end(
                        writer().tryDelete(Keys.key(key), Results.precondition(intended.demand())), epochs, intended));
    }

    private void update(String key) {
        Access intended = Access.write(key, Access.ANYTHING, doing.value(0));
        AtomicReference<String> before = new AtomicReference<>(INITIAL);
        run("update", List.of(intended), () -> {
            Versioned<String> written = writer().update(
                            Keys.key(key),
                            INITIAL,
                            found -> {
                                before.set(found);
                                return intended.written();
                            },
                            RETRY);
            String seen = before.get().equals(INITIAL) ? Access.ABSENT : before.get();
            return End.done(
                    epochs, List.of(intended.seeing(Access.UNKNOWN, seen).became(written.version())));
        });
    }

    private void commit() {
        WriteBatch writes = WriteBatch.of();
        List<Access> intended = new ArrayList<>();
        for (String key : keys.some(2, 3)) {
            int die = random.nextInt(8);
            String demand = demand(key);
            if (die == 0) {
                intended.add(Access.write(key, Access.MUST_BE_PRESENT, Access.ABSENT));
                writes.delete(Keys.key(key));
            } else if (die < 3 && !demand.equals(Access.ANYTHING)) {
                intended.add(Access.write(key, demand, Access.NOTHING));
                writes.require(Keys.key(key), Results.precondition(demand));
            } else {
                String looser = die < 6 ? Access.ANYTHING : demand;
                intended.add(Access.write(key, looser, doing.value(intended.size())));
                writes.put(Keys.key(key), doing.value(intended.size() - 1), Results.precondition(looser));
            }
        }
        run("commit", intended, () -> Results.end(writer().tryCommit(writes), epochs, intended));
    }

    private void transact() {
        List<String> reads = keys.some(1, 3);
        Optional<String> prefix = random.nextInt(4) == 0 ? Optional.of(keys.anyPrefix()) : Optional.empty();
        List<Access> intended = new ArrayList<>();
        for (String key : keys.some(0, 2)) {
            // Half of the writes are to keys that were read.
            String chosen = random.nextBoolean() ? reads.get(random.nextInt(reads.size())) : key;
            if (intended.stream().noneMatch(access -> access.key().equals(chosen))) {
                intended.add(Access.write(chosen, Access.ANYTHING, doing.value(intended.size())));
            }
        }
        Map<String, Access> accesses = new LinkedHashMap<>();
        run("transact", List.copyOf(intended), () -> {
            writer().transact(
                            tx -> {
                                accesses.clear();
                                read(tx, reads, prefix, accesses);
                                write(tx, intended, accesses);
                                return true;
                            },
                            RETRY);
            return End.done(epochs, List.copyOf(accesses.values()));
        });
    }

    private static void read(
            Transaction tx, List<String> reads, Optional<String> prefix, Map<String, Access> accesses) {
        reads.forEach(key -> accesses.put(key, seen(key, tx.get(Keys.key(key)))));
        prefix.ifPresent(
                name -> seen(name, tx.list(Keys.prefix(name))).forEach(access -> accesses.put(access.key(), access)));
    }

    private static void write(Transaction tx, List<Access> intended, Map<String, Access> accesses) {
        for (Access write : intended) {
            tx.put(Keys.key(write.key()), write.written());
            Access read = accesses.getOrDefault(write.key(), write);
            accesses.put(write.key(), write.seeing(read.seenVersion(), read.seen()));
        }
    }
}
