package dev.fencepost.internal.commit;

import dev.fencepost.ClaimInfo;
import dev.fencepost.LostClaim;
import dev.fencepost.ReadConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.sql.EventRow;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The decision on one commit. Values are still encoded: the caller decodes them outside the write transaction. */
public sealed interface CommitDecision {
    /**
     * An applied commit.
     *
     * @param stamps the version information of each key that was written
     * @param events the stored events of each append, by stream, in the order in which they were given
     * @param wrote whether the commit wrote anything; if not, the requested state was there already
     */
    record Applied(Map<String, VersionInfo> stamps, Map<String, List<StoredEvent>> events, boolean wrote)
            implements CommitDecision {
        Applied(Map<String, VersionInfo> stamps, boolean wrote) {
            this(stamps, Map.of(), wrote);
        }
    }

    /**
     * An event that is stored now.
     *
     * @param wasThere whether it was stored before this commit
     */
    record StoredEvent(EventRow event, boolean wasThere) {}

    /** A refused commit, with all its reasons. */
    record Refused(List<Reason> reasons) implements CommitDecision {}

    /** A commit under a claim that has been lost. */
    record ClaimsLost(List<LostClaim> fenced) implements CommitDecision {}

    /** A commit that its participant vetoed. */
    record Vetoed(RuntimeException why) implements CommitDecision {}

    /** One reason for a refusal. */
    sealed interface Reason {}

    /** A precondition that does not hold. */
    record PreconditionFailed(CommitRequest.EncodedWrite<?> write, Optional<VersionRow> latest) implements Reason {}

    /** A key that another holder has claimed. */
    record ClaimConflict(CommitRequest.EncodedWrite<?> write, ClaimInfo by) implements Reason {}

    /** A stream whose end is not the expected one. */
    record StreamEndMismatch(CommitRequest.EncodedAppend<?> append, long actual) implements Reason {}

    /** An event ID that belongs to another body; the number is 0 if that other event is of the same commit. */
    record Reused(CommitRequest.EncodedAppend<?> append, String event, long number) implements Reason {}

    /** A read that is no longer the latest. */
    record StaleRead(ReadConflict conflict) implements Reason {}
}
