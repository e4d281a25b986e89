package dev.fencepost.internal.commit;

import dev.fencepost.Claimed;
import dev.fencepost.LostClaim;
import dev.fencepost.ReadConflict;
import dev.fencepost.Refusal;
import dev.fencepost.StreamConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.sql.EventRow;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The decision on one commit. Values are still encoded: the caller decodes them outside the write transaction. */
public sealed interface CommitDecision {
    /**
     * An applied commit.
     *
     * @param versions the versions that were written, by key
     * @param events the stored events of each append, by stream, in the order in which they were given
     * @param wrote whether the commit wrote anything; if not, the requested state was there already
     */
    record Applied(Map<String, VersionRow> versions, Map<String, List<StoredEvent>> events, boolean wrote)
            implements CommitDecision {}

    /**
     * An event that is stored now.
     *
     * @param wasThere whether it was stored before this commit
     */
    record StoredEvent(EventRow event, boolean wasThere) {}

    /** A refused commit, with all its reasons. */
    record Refused(List<Reason> reasons) implements CommitDecision {
        /** Returns the refusals for the caller. Decodes values, so it must not run in the write transaction. */
        List<Refusal> refusals() {
            return reasons.stream().map(reason -> reason.refusal().get()).toList();
        }
    }

    /** A commit under a claim that has been lost. */
    record ClaimsLost(List<LostClaim> fenced) implements CommitDecision {}

    /** A commit that its participant vetoed. */
    record Vetoed(RuntimeException why) implements CommitDecision {}

    /**
     * One reason for a refusal.
     *
     * @param kind the check that failed
     * @param name the key, prefix or stream that it is about
     * @param by the agent that caused it; null if unknown
     * @param bySequence the sequence of the commit that caused it; 0 if unknown
     * @param refusal the refusal for the caller; it may decode a value
     */
    record Reason(Kind kind, String name, @Nullable String by, long bySequence, Supplier<Refusal> refusal) {
        /** The check that failed: a precondition, a claim, the read set, or the end or the IDs of a stream. */
        enum Kind {
            CONFLICT,
            CLAIMED,
            READ,
            STREAM
        }

        /** A precondition that does not hold for the newest version. */
        static Reason of(EncodedWrite<?> write, Optional<VersionRow> latest) {
            Optional<VersionInfo> stamp = latest.map(VersionRow::stamp);
            return new Reason(
                    Kind.CONFLICT,
                    write.key().name(),
                    stamp.map(VersionInfo::writer).orElse(null),
                    stamp.map(VersionInfo::sequence).orElse(0L),
                    () -> write.conflict(latest));
        }

        static Reason of(Claimed<?> claimed) {
            String holder = claimed.by().holder().agent();
            return new Reason(Kind.CLAIMED, claimed.key().name(), holder, 0, () -> claimed);
        }

        static Reason of(ReadConflict read) {
            return new Reason(Kind.READ, read.read(), read.writer(), read.changedAt(), () -> read);
        }

        static Reason of(StreamConflict<?> stream) {
            return new Reason(Kind.STREAM, stream.stream().name(), null, 0, () -> stream);
        }
    }
}
