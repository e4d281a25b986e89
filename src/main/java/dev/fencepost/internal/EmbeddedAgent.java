package dev.fencepost.internal;

import dev.fencepost.Agent;
import dev.fencepost.Arguments;
import dev.fencepost.ChangeFeed;
import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.EventStream;
import dev.fencepost.Fold;
import dev.fencepost.FoldState;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Retention;
import dev.fencepost.Sagas;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.log.AgentFeed;
import dev.fencepost.internal.log.Retainer;
import dev.fencepost.internal.saga.AgentSagas;
import dev.fencepost.internal.txn.Author;
import dev.fencepost.internal.txn.AuthoredWriter;
import dev.fencepost.internal.txn.Committer;
import dev.fencepost.internal.txn.ReservedKeys;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** An agent of an embedded store. */
final class EmbeddedAgent extends AuthoredWriter implements Agent {
    private final Claims claims;
    private final AgentSagas sagas;

    private final EmbeddedStore store;
    private final AgentFeed feed;
    private final Retainer retention;

    /** What agents need of the rest. */
    record Parts(
            EmbeddedStore store,
            Committer committer,
            Claims claims,
            AgentSagas.Parts sagas,
            AgentFeed.Parts feed,
            Retainer.Parts retention) {}

    EmbeddedAgent(String name, Parts parts) {
        super(new Author(name, List.of()), parts.committer());
        this.store = parts.store();
        this.claims = parts.claims();
        this.sagas = new AgentSagas(name, parts.sagas());
        this.feed = new AgentFeed(name, parts.feed());
        this.retention = new Retainer(name, parts.retention());
    }

    @Override
    public ChangeFeed feed() {
        return feed;
    }

    @Override
    public Retention retention() {
        return retention;
    }

    @Override
    public <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold) {
        Arguments.required(stream, "stream");
        Arguments.required(fold, "fold");
        return store.streams().keep(store, stream, fold);
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
        Arguments.required(lease, "lease");
        Arguments.required(wait, "wait");
        Arguments.requiredAll(keys, "keys").forEach(ReservedKeys::refuse);
        return claims.claim(name(), keys, lease, wait);
    }

    @Override
    public Claim resume(ClaimToken token) {
        Arguments.required(token, "token");
        return claims.resume(name(), token);
    }

    @Override
    public List<ClaimInfo> revoke(Key<?> key) {
        Arguments.required(key, "key");
        return claims.revoke(name(), key);
    }

    @Override
    public String toString() {
        return "agent " + name();
    }
}
