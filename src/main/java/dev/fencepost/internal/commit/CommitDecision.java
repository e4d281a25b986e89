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

/** How a commit was judged. Values are still texts: they are decoded by the caller, outside the write transaction. */
public sealed interface CommitDecision {
    /**
     * It was applied.
     *
     * @param stamps of the keys that were written
     * @param events where the events stand that were to be appended, for each stream in the order in which they were given
     * @param wrote whether it has written anything; if not, it found done what it was to do
     */
    record Applied(Map<String, VersionInfo> stamps, Map<String, List<StoredEvent>> events, boolean wrote)
            implements CommitDecision {
        Applied(Map<String, VersionInfo> stamps, boolean wrote) {
            this(stamps, Map.of(), wrote);
        }
    }

    /**
     * An event that is in the file now.
     *
     * @param wasThere whether it was before
     */
    record StoredEvent(EventRow event, boolean wasThere) {}

    /** It was refused, for all these reasons. */
    record Refused(List<Reason> reasons) implements CommitDecision {}

    /** A claim that it depends on has been lost. */
    record ClaimsLost(List<LostClaim> fenced) implements CommitDecision {}

    /** What goes with it does not fit any more. */
    record Vetoed(RuntimeException why) implements CommitDecision {}

    /** One reason for a refusal. */
    sealed interface Reason {}

    /** A precondition does not hold. */
    record PreconditionFailed(CommitRequest.EncodedWrite<?> write, Optional<VersionRow> latest) implements Reason {}

    /** Somebody else holds the key. */
    record ClaimConflict(CommitRequest.EncodedWrite<?> write, ClaimInfo by) implements Reason {}

    /** A stream does not end where it was to end. */
    record StreamEndMismatch(CommitRequest.EncodedAppend<?> append, long actual) implements Reason {}

    /** An event with the ID of another has another body; the number is 0 if the other is of the same commit. */
    record Reused(CommitRequest.EncodedAppend<?> append, String event, long number) implements Reason {}

    /** Something that was read has changed. */
    record StaleRead(ReadConflict conflict) implements Reason {}
}
