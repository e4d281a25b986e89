package dev.fencepost;

import java.time.Instant;

/**
 * The claim on one key, as others see it.
 *
 * @param key the name of the key
 * @param epoch the epoch of the key under the claim
 * @param holder who holds it
 * @param grantedAt when it was granted, by the holder's clock
 * @param expiresAt when its lease ends unless a heartbeat or a renewal extends it; from then on it can be taken over
 */
public record HeldClaim(String key, long epoch, Holder holder, Instant grantedAt, Instant expiresAt) {}
