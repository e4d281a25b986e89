package dev.fencepost.internal;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.history.Retention;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.AbstractWriter;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.event.DefaultChangeFeed;
import dev.fencepost.internal.history.DefaultRetention;
import dev.fencepost.internal.saga.DefaultSagas;
import dev.fencepost.internal.saga.SagaParts;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.Sagas;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** An agent of a store over a SQLite file. */
final class DefaultAgent extends AbstractWriter implements Agent {
    private final Claims claims;
    private final DefaultSagas sagas;

    private final DefaultStore store;
    private final DefaultChangeFeed feed;
    private final DefaultRetention retention;

    /** The other parts of the store that agents use. */
    record Parts(
            DefaultStore store,
            Committer committer,
            Claims claims,
            SagaParts sagas,
            DefaultChangeFeed.Parts feed,
            DefaultRetention.Parts retention) {}

    DefaultAgent(String name, Parts parts) {
        super(name, List.of(), parts.committer());
        this.store = parts.store();
        this.claims = parts.claims();
        this.sagas = new DefaultSagas(name, parts.sagas());
        this.feed = new DefaultChangeFeed(name, parts.feed());
        this.retention = new DefaultRetention(name, parts.retention());
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
        return agent();
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
