package dev.fencepost.internal.commit;

import java.util.List;

/** The agent that writes, and the claims that all its writes depend on. */
public record WriterIdentity(String agent, List<FencingToken> claims) {
    public WriterIdentity {
        claims = List.copyOf(claims);
    }
}
