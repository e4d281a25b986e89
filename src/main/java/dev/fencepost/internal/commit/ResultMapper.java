package dev.fencepost.internal.commit;

import dev.fencepost.Appended;
import dev.fencepost.Change;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Claimed;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Refusal;
import dev.fencepost.StreamConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.WriteResult;
import dev.fencepost.event.Event;
import dev.fencepost.internal.sql.VersionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Maps decisions to the results for callers, with decoded values. */
final class ResultMapper {
    private ResultMapper() {}

    static <T> WriteResult<T> of(CommitRequest.EncodedWrite<T> write, CommitDecision decision) {
        if (decision instanceof CommitDecision.Applied applied) {
            return new Committed<>(
                    write.key(), applied.stamps().values().iterator().next());
        }
        // A claim conflict comes first: the version does not help a caller that may not write the key.
        List<CommitDecision.Reason> reasons = ((CommitDecision.Refused) decision).reasons();
        return reasons.get(0) instanceof CommitDecision.ClaimConflict taken
                ? new Claimed<>(write.key(), taken.by())
                : conflict(write, ((CommitDecision.PreconditionFailed) reasons.get(0)).latest());
    }

    static CommitResult of(CommitRequest request, CommitDecision decision) {
        if (decision instanceof CommitDecision.Applied applied) {
            List<Committed<?>> committed = new ArrayList<>();
            for (CommitRequest.EncodedWrite<?> member : request.writes()) {
                VersionInfo stamp = applied.stamps().get(member.key().name());
                if (stamp != null) {
                    committed.add(new Committed<>(member.key(), stamp));
                }
            }
            List<Appended<?>> appended = new ArrayList<>();
            request.appends().forEach(append -> appended.add(appended(append, applied)));
            return new CommitResult.Applied(committed, appended);
        }
        return new CommitResult.Refused(refusals((CommitDecision.Refused) decision));
    }

    static <T> Appended<T> appended(CommitRequest.EncodedAppend<T> append, CommitDecision.Applied applied) {
        List<CommitDecision.StoredEvent> placed =
                applied.events().get(append.stream().name());
        List<Event<T>> events = new ArrayList<>();
        int duplicates = 0;
        for (CommitDecision.StoredEvent one : placed == null ? List.<CommitDecision.StoredEvent>of() : placed) {
            events.add(one.event().in(append.stream()));
            duplicates += one.wasThere() ? 1 : 0;
        }
        return new Appended<>(append.stream(), events, duplicates);
    }

    static List<Refusal> refusals(CommitDecision.Refused refused) {
        return refused.reasons().stream().map(ResultMapper::refusal).toList();
    }

    private static Refusal refusal(CommitDecision.Reason reason) {
        if (reason instanceof CommitDecision.PreconditionFailed unmet) {
            return conflict(unmet.write(), unmet.latest());
        } else if (reason instanceof CommitDecision.ClaimConflict taken) {
            return claimed(taken.write().key(), taken.by());
        } else if (reason instanceof CommitDecision.StreamEndMismatch moved) {
            return conflict(moved.append(), moved.actual(), Optional.empty());
        } else if (reason instanceof CommitDecision.Reused reused) {
            return conflict(reused.append(), reused.number(), Optional.of(reused.event()));
        }
        return ((CommitDecision.StaleRead) reason).conflict();
    }

    /** Returns the result of an append that was refused, which can only be for its stream. */
    static <T> StreamConflict<T> refused(CommitRequest.EncodedAppend<T> append, CommitDecision.Refused refused) {
        CommitDecision.Reason reason = refused.reasons().get(0);
        return reason instanceof CommitDecision.Reused reused
                ? conflict(append, reused.number(), Optional.of(reused.event()))
                : conflict(append, ((CommitDecision.StreamEndMismatch) reason).actual(), Optional.empty());
    }

    private static <T> StreamConflict<T> conflict(
            CommitRequest.EncodedAppend<T> append, long actual, Optional<String> reusedId) {
        return new StreamConflict<>(append.stream(), append.expected().orElse(0), actual, reusedId);
    }

    private static <T> Claimed<T> claimed(Key<T> key, ClaimInfo by) {
        return new Claimed<>(key, by);
    }

    private static <T> Conflict<T> conflict(CommitRequest.EncodedWrite<T> write, Optional<VersionRow> latest) {
        Optional<Change<T>> change = latest.map(row -> row.change(write.key()));
        return new Conflict<>(write.key(), write.precondition(), change);
    }
}
