package dev.fencepost.internal.commit;

import dev.fencepost.ClaimToken;
import java.util.List;

/** A claim that a commit depends on: its token, and the epoch of each of its keys as it was granted. */
public record FencingToken(ClaimToken token, List<KeyEpoch> keys) {
    /** A key under a claim, and its epoch at the grant. */
    public record KeyEpoch(String key, long epoch) {}

    public FencingToken {
        keys = List.copyOf(keys);
    }
}
