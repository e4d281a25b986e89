package dev.fencepost.verification.traces;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimedException;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random steps of one agent: on any keys, with preconditions on recent or older reads, under any current or lost claim.
 */
final class Steps {
    private static final String[] NAMES = {"a", "b", "c"};
    private static final RetryPolicy FEW = RetryPolicy.standard().maxAttempts(3);
    private static final int MOST_CLAIMS = 12;

    private final Store store;
    private final Agent agent;
    private final Random random;
    private final int groups;
    private final List<Claim> claims = new ArrayList<>();
    private final Map<Key<String>, Long> seen = new HashMap<>();

    Steps(Store store, Agent agent, Random random, int groups) {
        this.store = store;
        this.agent = agent;
        this.random = random;
        this.groups = groups;
    }

    void some(int count) {
        for (int i = 0; i < count; i++) {
            try {
                one("g" + random.nextInt(groups) + "/");
            } catch (FencedException | RetriesExhaustedException | ClaimedException e) {
                // The refusal is correct if the claim was lost or another agent has one; the trace shows whether that
                // was so.
            }
        }
    }

    private void one(String group) {
        switch (random.nextInt(12)) {
            case 0, 1 -> agent.tryPut(key(group), value(), precondition(key(group)));
            case 2 -> agent.tryDelete(key(group));
            case 3, 4 -> agent.tryCommit(several(group));
            case 5 -> transact(group);
            case 6 -> agent.update(key(group), "0", text -> value(), FEW);
            case 7, 8 -> claim(group);
            default -> onClaim();
        }
    }

    private void onClaim() {
        if (claims.isEmpty()) {
            return;
        }
        Claim claim = claims.get(random.nextInt(claims.size()));
        Key<String> own = Key.text(claim.keys().get(random.nextInt(claim.keys().size())));
        switch (random.nextInt(7)) {
            case 0 -> claim.renew();
            case 1 -> claim.release();
            case 2 -> agent.revoke(own);
            case 3 ->
                agent.tryCommit(several(own.name().substring(0, own.name().indexOf('/') + 1))
                        .fencedBy(claim));
            default -> claim.put(own, value());
        }
    }

    private void claim(String group) {
        List<Key<String>> keys = keys(group);
        Lease lease = random.nextInt(3) == 0
                ? Lease.of(Duration.ofSeconds(5))
                : Lease.withoutHeartbeats(Duration.ofMillis(1 + random.nextInt(100)));
        if (agent.claim(keys, lease, Duration.ZERO) instanceof ClaimResult.Granted granted) {
            remember(granted.claim());
        }
    }

    void remember(Claim claim) {
        claims.add(claim);
        if (claims.size() > MOST_CLAIMS) {
            claims.remove(random.nextInt(claims.size()));
        }
    }

    private void transact(String group) {
        Key<String> one = key(group);
        Key<String> other = key(group);
        agent.transact(
                transaction -> {
                    transaction.put(
                            other, transaction.get(one).map(Versioned::value).orElse("none"));
                    return true;
                },
                FEW);
    }

    private WriteBatch several(String group) {
        WriteBatch writes = WriteBatch.of();
        for (Key<String> key : keys(group)) {
            Precondition<String> demanded = precondition(key);
            boolean deletes = random.nextInt(4) == 0 && !demanded.equals(Precondition.ifAbsent());
            writes = deletes ? writes.delete(key, demanded) : writes.put(key, value(), demanded);
        }
        return writes;
    }

    /** Returns a precondition on the latest read, on an older read, on absence, or none. */
    private Precondition<String> precondition(Key<String> key) {
        long before = seen.getOrDefault(key, 0L);
        if (random.nextBoolean()) {
            seen.put(key, store.get(key).map(Versioned::version).orElse(0L));
        }
        return switch (random.nextInt(5)) {
            case 0 -> Precondition.none();
            case 1 -> Precondition.ifAbsent();
            case 2 -> before == 0 ? Precondition.ifPresent() : Precondition.ifVersion(before);
            default -> {
                long version = seen.getOrDefault(key, 0L);
                yield version == 0 ? Precondition.ifAbsent() : Precondition.ifVersion(version);
            }
        };
    }

    private List<Key<String>> keys(String group) {
        List<Key<String>> keys = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                keys.add(Key.text(group + name));
            }
        }
        return keys.isEmpty() ? List.of(key(group)) : keys;
    }

    private Key<String> key(String group) {
        return Key.text(group + NAMES[random.nextInt(NAMES.length)]);
    }

    private String value() {
        return Integer.toString(random.nextInt(1_000));
    }
}
