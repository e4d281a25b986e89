package dev.fencepost.internal.txn;

import java.util.List;

/** Who writes, and which claims all of the writes depend on. */
public record Author(String agent, List<ClaimRef> claims) {
    public Author {
        claims = List.copyOf(claims);
    }
}
