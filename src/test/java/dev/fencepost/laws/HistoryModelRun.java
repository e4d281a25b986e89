package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.CommitResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.laws.HistoryModel.Held;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A random run over a few keys and streams, on one thread through two stores, compared with a {@link HistoryModel}. */
final class HistoryModelRun extends HistoryWrites {
    private static final Lease LONG = Lease.withoutHeartbeats(Duration.ofDays(300));

    /** More than three heartbeats, which a snapshot may miss. */
    private static final Duration STALL = Duration.ofHours(3).plusMillis(1);

    final Map<Long, Snapshot> open = new TreeMap<>();
    /** The open snapshots that are still pinned. */
    private final Set<Long> pinned = new TreeSet<>();

    private final Map<Long, Store> openers = new TreeMap<>();
    private final Map<Claim, List<String>> claims = new LinkedHashMap<>();
    private final Map<String, RetentionPolicy> rules = new TreeMap<>();

    HistoryModelRun(Random random, SettableClock clock, Store one, Store other) {
        super(random, clock, one, other);
    }

    void act() {
        if (random.nextBoolean()) {
            clock.pass(Duration.ofSeconds(random.nextInt(600)));
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> put();
            case 3 -> delete();
            case 4, 5, 6 -> commit();
            case 7, 8 -> transact();
            case 9, 10 -> append();
            case 11 -> appendAfter();
            case 12 -> claim();
            case 13 -> underClaim();
            case 14 -> revoke();
            case 15 -> rule();
            case 16 -> retain();
            case 17 -> snapshot();
            case 18 -> based();
            default -> fold();
        }
    }

    // Claims.

    private void claim() {
        List<String> wanted = new ArrayList<>(KEYS);
        wanted.removeIf(key -> random.nextInt(4) > 0);
        if (wanted.isEmpty()) {
            return;
        }
        Agent agent = agent();
        tell("claim", agent.name(), wanted);
        ClaimResult result = agent.claim(wanted.stream().map(Key::text).toList(), LONG, Duration.ZERO);
        boolean free = wanted.stream().allMatch(key -> model.holder(key).isEmpty());
        assertThat(result instanceof ClaimResult.Granted).isEqualTo(free);
        if (free) {
            Claim claim = result.orThrow();
            claims.put(claim, wanted);
            model.begin(time());
            wanted.forEach(key -> model.claim(key, Optional.of(new Held(agent.name(), claim.epoch(Key.text(key))))));
        }
    }

    private void underClaim() {
        if (claims.isEmpty()) {
            return;
        }
        Claim claim = any(List.copyOf(claims.keySet()));
        if (random.nextInt(3) == 0) {
            tell("release", claims.get(claim));
            claim.release();
            ended(claim);
            return;
        }
        String key = any(claims.getOrDefault(claim, List.of()));
        String value = text();
        tell("put under the claim", key, value);
        claim.put(Key.text(key), value);
        model.begin(time());
        model.write(key, Optional.of(value));
    }

    private void ended(Claim claim) {
        model.begin(time());
        Optional.ofNullable(claims.remove(claim)).orElseThrow().forEach(key -> model.claim(key, Optional.empty()));
    }

    private void revoke() {
        String key = any(KEYS);
        tell("revoke", key);
        boolean held = model.holder(key).isPresent();
        assertThat(agent().revoke(Key.text(key)).isEmpty()).isEqualTo(!held);
        claims.entrySet().stream()
                .filter(claim -> claim.getValue().contains(key))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(this::ended);
    }

    // Retention.

    private void rule() {
        String prefix = any(PREFIXES);
        if (random.nextInt(4) == 0) {
            tell("no rule", prefix);
            agent().retention().removeRule(prefix);
            rules.remove(prefix);
            return;
        }
        Duration age = Duration.ofMinutes(random.nextInt(60));
        int newest = 1 + random.nextInt(4);
        RetentionPolicy keep = any(List.of(
                RetentionPolicy.latest(newest),
                RetentionPolicy.within(age),
                RetentionPolicy.latestOrWithin(newest, age)));
        tell("keep", prefix, keep);
        agent().retention().setRule(prefix, keep);
        rules.put(prefix, keep);
    }

    private void retain() {
        boolean stalled = random.nextInt(4) == 0;
        if (stalled) {
            tell("all stall");
            clock.pass(STALL);
        } else {
            // Opening a snapshot shows that a store is alive.
            stores.forEach(store -> store.snapshot().close());
        }
        tell("retain", clock.instant());
        Store keeper = store();
        PruneReport trimmed = keeper.agent("ann").retention().apply();
        // The pruning store knows that it is alive itself.
        Set<Long> own = new TreeSet<>(pinned);
        own.removeIf(sequence -> openers.get(sequence) != keeper);
        boolean asks = model.hasToLetGo(rules, time());
        List<Long> expected = model.retain(rules, time(), stalled ? own : pinned);
        assertThat(List.of(trimmed.versions(), trimmed.events())).isEqualTo(expected);
        if (stalled && asks) {
            // If there was anything to prune, the run checked all pins, and removed those of stalled stores.
            pinned.retainAll(own);
        }
    }

    /** Opens a snapshot, or closes an open one. */
    private void snapshot() {
        if (open.size() > random.nextInt(3)) {
            long closed = any(List.copyOf(open.keySet()));
            tell("close", closed);
            Optional.ofNullable(open.remove(closed)).orElseThrow().close();
            pinned.remove(closed);
            return;
        }
        long sequence = random.nextBoolean() ? model.last() : random.nextInt((int) model.last() + 1);
        if (!open.containsKey(sequence)) {
            tell("open", sequence);
            Store opener = store();
            open.put(sequence, opener.snapshotAt(sequence));
            openers.put(sequence, opener);
            pinned.add(sequence);
        }
    }

    /** Commits on the basis of a past snapshot. */
    private void based() {
        long sequence = Math.max(0, model.last() - random.nextInt(6));
        String key = any(KEYS);
        String prefix = any(PREFIXES);
        String stream = any(STREAMS);
        List<String> reads = new ArrayList<>(List.of(key, prefix + "*", ":" + stream));
        reads.removeIf(read -> random.nextInt(3) > 0);
        Plan plan = new Plan().some();
        plan.values.forEach(value -> reads.add(value.name()));
        plan.events.keySet().forEach(name -> reads.add(":" + name));
        tell("based on", sequence, reads, plan.values, plan.events);
        try (Snapshot basis = store().snapshotAt(sequence)) {
            if (reads.contains(key)) {
                HistoryReads.get(basis, key);
            }
            if (reads.contains(prefix + "*")) {
                HistoryReads.list(basis, prefix);
            }
            if (reads.contains(":" + stream)) {
                HistoryReads.events(basis, stream, 0);
            }
            boolean fits = plan.fits && reads.stream().noneMatch(read -> model.changedAfter(read, sequence));
            CommitResult result = agent().tryCommit(plan.writes.basedOn(basis));
            assertThat(result instanceof CommitResult.Applied).isEqualTo(fits);
            if (fits) {
                plan.applied();
            }
        }
    }

    @Override
    public String toString() {
        return String.join("\n  ", story);
    }
}
