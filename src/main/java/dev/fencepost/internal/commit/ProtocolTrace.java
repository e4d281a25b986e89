package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.sql.Session;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A hook for tests that compare the protocol with its specifications. The store calls it at each step, in the transaction
 * of the step, so the calls have the order in which the steps take effect. A refusal is a step too. Used by one thread at
 * a time.
 */
public interface ProtocolTrace {
    /** Records nothing. */
    ProtocolTrace NONE = new ProtocolTrace() {};

    /** Creates the trace of each write transaction. Used by one thread at a time. */
    @FunctionalInterface
    interface Factory {
        /** Records nothing. */
        Factory NONE = (transaction, session) -> ProtocolTrace.NONE;

        /**
         * Creates the trace of a write transaction.
         *
         * @param session the session of the transaction
         */
        ProtocolTrace of(WriteTransaction transaction, Session session);
    }

    /**
     * Records a refused commit.
     *
     * @param rows the rows of the keys of the commit; empty if the commit was refused before they were read
     */
    default void refused(CommitRequest request, Map<EncodedWrite<?>, KeyRow> rows, CommitDecision decision) {}

    /**
     * Records an applied commit.
     *
     * @param rows the rows of all keys of the commit, as they were before it
     * @param changes the writes that create a version
     * @param reclaimed the claims that the commit ends
     * @param sequence the sequence of the commit; 0 if it changed nothing
     */
    default void applied(
            CommitRequest request,
            Map<EncodedWrite<?>, KeyRow> rows,
            Set<EncodedWrite<?>> changes,
            Map<Long, ClaimEnd> reclaimed,
            long sequence) {}

    /**
     * Records a granted claim.
     *
     * @param reclaimed the claims that the grant ends
     */
    default void granted(String agent, FencingToken claim, Map<Long, ClaimEnd> reclaimed) {}

    /**
     * Records a claim request that was not granted.
     *
     * @param why held, if one of its keys is claimed; behind, if an earlier request waits for one
     */
    default void notGranted(String agent, String why, Collection<KeyRow> keys) {}

    /** Records the end of a claim, in a step of its own. */
    default void ended(long claim, long sequence, ClaimEnd ending) {}

    /** Records the renewal of a claim. */
    default void renewed(String agent, long claim) {}

    /**
     * Records that a renewal or a release was fenced.
     *
     * @param what renew or release
     */
    default void fenced(String agent, String what, long claim) {}

    /** Records an entry in the journal of a saga. */
    default void entry(long saga, @Nullable Long claim, long sequence, Said said) {}
}
