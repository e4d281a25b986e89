package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimResult;
import dev.fencepost.Claimed;
import dev.fencepost.ClaimedException;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A random schedule over two keys on one thread, compared with a model of each operation. The model knows nothing of
 * tables and commits: a key has a version, an epoch and perhaps an owner, and a claim has an end.
 */
final class ZombieSchedule {
    private static final int ACTS = 16;
    private static final int KEYS = 2;

    /** A claim in the model. */
    private static final class Tenure {
        final Claim claim;
        final List<Integer> keys;
        final List<Long> epochs;
        final long lease;
        long renewedAt;
        Optional<ClaimEnd> ending = Optional.empty();

        Tenure(Claim claim, List<Integer> keys, List<Long> epochs, long lease, long now) {
            this.claim = claim;
            this.keys = keys;
            this.epochs = epochs;
            this.lease = lease;
            this.renewedAt = now;
        }

        boolean expired(long now) {
            return now >= renewedAt + lease;
        }
    }

    private final List<Key<String>> keys;
    private final Random random;
    private final SettableClock clock;
    private final Store store;
    private final List<Agent> agents;
    private final List<Tenure> claims = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final long[] versions = new long[KEYS];
    private final boolean[] present = new boolean[KEYS];
    private final long[] epochs = new long[KEYS];
    private final List<Optional<Tenure>> owners = new ArrayList<>();
    private int fenced;

    ZombieSchedule(String name, Random random, SettableClock clock, Store one, Store other) {
        this.keys =
                IntStream.range(0, KEYS).mapToObj(i -> Key.text(name + "/" + i)).toList();
        this.random = random;
        this.clock = clock;
        this.store = one;
        this.agents = List.of(one.agent("ann"), other.agent("bob"));
        keys.forEach(key -> owners.add(Optional.empty()));
    }

    int fenced() {
        return fenced;
    }

    void play() {
        for (int i = 0; i < ACTS; i++) {
            act();
            keys.forEach(this::compare);
        }
    }

    private void act() {
        int key = random.nextInt(KEYS);
        Agent agent = agents.get(random.nextInt(agents.size()));
        int die = random.nextInt(claims.isEmpty() ? 8 : 20);
        if (die < 3) {
            claim(agent);
        } else if (die < 5) {
            jump();
        } else if (die == 5) {
            unfencedPut(agent, key);
        } else if (die == 6) {
            unfencedDelete(agent, key);
        } else if (die == 7) {
            revoke(agent, key);
        } else {
            underClaim(claims.get(random.nextInt(claims.size())), key, die);
        }
    }

    private void claim(Agent agent) {
        List<Integer> wanted = random.nextInt(4) == 0 ? List.of(0, 1) : List.of(random.nextInt(KEYS));
        long lease = 1_000L * (1 + random.nextInt(10));
        tell(agent.name() + " claims " + wanted + " for " + lease);
        ClaimResult result = agent.claim(
                wanted.stream().map(keys::get).toList(),
                Lease.withoutHeartbeats(Duration.ofMillis(lease)),
                Duration.ZERO);
        List<Integer> live = wanted.stream()
                .filter(key -> owners.get(key).isPresent() && !ownerExpired(key))
                .toList();
        if (!live.isEmpty()) {
            assertThat(result)
                    .isInstanceOfSatisfying(
                            ClaimResult.Busy.class,
                            busy -> assertThat(busy.heldBy())
                                    .extracting(held -> held.key() + held.epoch())
                                    .containsExactlyInAnyOrderElementsOf(live.stream()
                                            .map(key -> keys.get(key).name() + epochs[key])
                                            .toList()));
            return;
        }
        wanted.forEach(key -> owners.get(key).ifPresent(owner -> end(owner, ClaimEnd.LEASE_EXPIRED)));
        Claim claim = result.orThrow();
        wanted.forEach(key -> epochs[key]++);
        List<Long> granted = wanted.stream().map(key -> epochs[key]).toList();
        Tenure tenure = new Tenure(claim, wanted, granted, lease, clock.millis());
        wanted.forEach(key -> owners.set(key, Optional.of(tenure)));
        claims.add(tenure);
        assertThat(wanted.stream().map(key -> claim.epoch(keys.get(key))).toList())
                .isEqualTo(granted);
    }

    /** Moves the clock: mostly by about the length of a lease, sometimes by hours, and sometimes back. */
    private void jump() {
        Duration by = random.nextInt(5) == 0
                ? Duration.ofHours(random.nextInt(9) - 4)
                : Duration.ofMillis(random.nextInt(9_000) - 1_000);
        tell("the clock jumps by " + by);
        clock.advance(by);
    }

    private void unfencedPut(Agent agent, int key) {
        tell(agent.name() + " puts " + key);
        WriteResult<String> result = agent.tryPut(keys.get(key), agent.name());
        if (refusedByOwner(key)) {
            assertThat(result)
                    .isInstanceOfSatisfying(
                            Claimed.class,
                            claimed -> assertThat(claimed.by().epoch()).isEqualTo(epochs[key]));
        } else {
            wrote(key, true, result.orThrow());
        }
    }

    private void unfencedDelete(Agent agent, int key) {
        tell(agent.name() + " deletes " + key);
        WriteResult<String> result = agent.tryDelete(keys.get(key));
        boolean free = owners.get(key).isEmpty() || ownerExpired(key);
        if (free && present[key]) {
            refusedByOwner(key);
            wrote(key, false, result.orThrow());
        } else if (free) {
            // A refusal changes nothing, so it does not end the expired claim.
            assertThat(result).isInstanceOf(Conflict.class);
        } else {
            assertThat(result).isInstanceOf(Claimed.class);
        }
    }

    private void revoke(Agent agent, int key) {
        tell(agent.name() + " revokes " + key);
        int ended = agent.revoke(keys.get(key)).size();
        assertThat(ended)
                .isEqualTo(owners.get(key).map(owner -> owner.keys.size()).orElse(0));
        owners.get(key).ifPresent(owner -> end(owner, ClaimEnd.REVOKED));
    }

    private void underClaim(Tenure tenure, int key, int die) {
        if (die < 12) {
            tell("a put of " + key + " under " + tenure.epochs);
            write(tenure, key, true, () -> tenure.claim.put(keys.get(key), "fenced"));
        } else if (die == 12 && present[key]) {
            tell("a delete of " + key + " under " + tenure.epochs);
            write(tenure, key, false, () -> tenure.claim.delete(keys.get(key)).orThrow());
        } else if (die < 15) {
            tell("a transaction on " + key + " under " + tenure.epochs);
            write(tenure, key, true, () -> transact(tenure, key));
        } else if (die < 17) {
            tell("renewal of " + tenure.epochs);
            lateOr(tenure, tenure.claim::renew, () -> {
                assertThat(tenure.claim.renew()).isEqualTo(clock.instant().plusMillis(tenure.lease));
                tenure.renewedAt = clock.millis();
            });
        } else if (die < 19) {
            tell("release of " + tenure.epochs);
            lateOr(tenure, tenure.claim::release, () -> {
                tenure.claim.release();
                end(tenure, ClaimEnd.RELEASED);
            });
        } else {
            tell("resumption of " + tenure.epochs);
            Supplier<Claim> resume = () -> agents.get(0).resume(tenure.claim.token());
            Runnable judged = () -> assertThat(resume.get().keys()).isEqualTo(tenure.claim.keys());
            lateOr(tenure, resume::get, judged);
        }
    }

    private Committed<String> transact(Tenure tenure, int key) {
        tenure.claim.transact(
                tx -> {
                    tx.put(keys.get(key), "seen " + tx.get(keys.get(key)).map(Versioned::version));
                    return true;
                },
                RetryPolicy.never());
        return new Committed<>(
                keys.get(key), store.get(keys.get(key)).orElseThrow().stamp());
    }

    /** Makes a fenced write, of a key of the claim or of another. */
    private void write(Tenure tenure, int key, boolean value, Supplier<Committed<String>> writing) {
        lateOr(tenure, writing::get, () -> {
            if (owners.get(key).filter(owner -> owner == tenure).isEmpty() && refusedByOwner(key)) {
                assertRefused(writing);
            } else {
                wrote(key, value, writing.get());
            }
        });
    }

    private static void assertRefused(Supplier<Committed<String>> writing) {
        try {
            writing.get();
        } catch (ClaimedException | RetriesExhaustedException e) {
            return;
        }
        throw new AssertionError("a key that another agent holds was written");
    }

    /**
     * Asserts that every operation of an ended claim is fenced. A claim that has not ended works, however late it is.
     */
    private void lateOr(Tenure tenure, Runnable act, Runnable judged) {
        if (tenure.ending.isEmpty()) {
            judged.run();
            return;
        }
        try {
            act.run();
        } catch (FencedException e) {
            fenced++;
            assertThat(e.lost()).extracting(LostClaim::ending).containsOnly(tenure.ending.get());
            assertThat(e.lost()).extracting(LostClaim::epoch).isEqualTo(tenure.epochs);
            assertThat(e.lost())
                    .extracting(LostClaim::presentEpoch)
                    .isEqualTo(tenure.keys.stream().map(key -> epochs[key]).toList());
            return;
        }
        throw new AssertionError("a claim that ended by " + tenure.ending + " was not fenced");
    }

    /** Returns whether a live claim blocks the key. A claim with an expired lease is taken over. */
    private boolean refusedByOwner(int key) {
        if (owners.get(key).isPresent() && !ownerExpired(key)) {
            return true;
        }
        owners.get(key).ifPresent(owner -> end(owner, ClaimEnd.LEASE_EXPIRED));
        return false;
    }

    private boolean ownerExpired(int key) {
        Tenure owner = owners.get(key).orElseThrow();
        // If the clock was put back, the next request re-dates the lease, so that it lasts no longer than one lease.
        owner.renewedAt = Math.min(owner.renewedAt, clock.millis());
        return owner.expired(clock.millis());
    }

    private void end(Tenure tenure, ClaimEnd ending) {
        tenure.ending = Optional.of(ending);
        for (int key : tenure.keys) {
            owners.set(key, Optional.empty());
            // A release is the only end after which no zombie is expected.
            epochs[key] += ending == ClaimEnd.RELEASED ? 0 : 1;
        }
    }

    private void wrote(int key, boolean value, Committed<String> committed) {
        versions[key]++;
        present[key] = value;
        assertThat(committed.version()).isEqualTo(versions[key]);
    }

    private void compare(Key<String> key) {
        int i = keys.indexOf(key);
        assertThat(store.get(key).map(Versioned::version))
                .isEqualTo(present[i] ? Optional.of(versions[i]) : Optional.empty());
        assertThat(store.history().of(key, 100)).hasSize((int) versions[i]);
    }

    private void tell(String what) {
        story.add(what);
    }

    @Override
    public String toString() {
        return String.join("; ", story);
    }
}
