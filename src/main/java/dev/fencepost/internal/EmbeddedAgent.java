package dev.fencepost.internal;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.HeldClaim;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Sagas;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.saga.AgentSagas;
import dev.fencepost.internal.txn.Author;
import dev.fencepost.internal.txn.AuthoredWriter;
import dev.fencepost.internal.txn.Committer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** An agent of an embedded store. */
final class EmbeddedAgent extends AuthoredWriter implements Agent {
    private final Claims claims;
    private final AgentSagas sagas;

    EmbeddedAgent(String name, Committer committer, Claims claims, AgentSagas.Parts sagas) {
        super(new Author(name, List.of()), committer);
        this.claims = claims;
        this.sagas = new AgentSagas(name, sagas);
    }

    @Override
    public Sagas sagas() {
        return sagas;
    }

    @Override
    public String name() {
        return author().agent();
    }

    @Override
    public ClaimResult claim(Collection<? extends Key<?>> keys, Lease lease, Duration wait) {
        return claims.claim(name(), keys, lease, wait);
    }

    @Override
    public Claim resume(ClaimToken token) {
        return claims.resume(name(), token);
    }

    @Override
    public List<HeldClaim> revoke(Key<?> key) {
        return claims.revoke(name(), key);
    }

    @Override
    public String toString() {
        return "agent " + name();
    }
}
