package dev.fencepost.internal.commit;

import java.util.List;

/** Who writes, and which claims all of the writes depend on. */
public record WriterIdentity(String agent, List<FencingToken> claims) {
    public WriterIdentity {
        claims = List.copyOf(claims);
    }
}
