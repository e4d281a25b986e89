package dev.fencepost.internal;

import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.time.Duration;
import java.util.List;

/** Claims on reserved keys, for tests in which another coordinator or consumer holds them. */
public final class ReservedClaims {
    private ReservedClaims() {}

    public static ClaimResult request(Store store, String agent, String key, Lease lease) {
        return ((DefaultStore) store).allClaims().claim(agent, List.of(Key.text(key)), lease, Duration.ZERO);
    }
}
