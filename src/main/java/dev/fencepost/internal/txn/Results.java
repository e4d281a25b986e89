package dev.fencepost.internal.txn;

import dev.fencepost.Appended;
import dev.fencepost.Change;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Claimed;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Event;
import dev.fencepost.Key;
import dev.fencepost.Refusal;
import dev.fencepost.StreamConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.WriteResult;
import dev.fencepost.internal.sql.VersionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns verdicts into what callers get, with values in place of texts. */
final class Results {
    private Results() {}

    static <T> WriteResult<T> of(CommitRequest.Write<T> write, Verdict verdict) {
        if (verdict instanceof Verdict.Applied applied) {
            return new Committed<>(
                    write.key(), applied.stamps().values().iterator().next());
        }
        // A claim comes before a version: whoever may not write at all learns nothing from a version.
        List<Verdict.Reason> reasons = ((Verdict.Refused) verdict).reasons();
        return reasons.get(0) instanceof Verdict.Taken taken
                ? new Claimed<>(write.key(), taken.by())
                : conflict(write, ((Verdict.Unmet) reasons.get(0)).latest());
    }

    static CommitResult of(CommitRequest request, Verdict verdict) {
        if (verdict instanceof Verdict.Applied applied) {
            List<Committed<?>> committed = new ArrayList<>();
            for (CommitRequest.Write<?> member : request.writes()) {
                VersionInfo stamp = applied.stamps().get(member.key().name());
                if (stamp != null) {
                    committed.add(new Committed<>(member.key(), stamp));
                }
            }
            List<Appended<?>> appended = new ArrayList<>();
            request.appends().forEach(append -> appended.add(appended(append, applied)));
            return new CommitResult.Applied(committed, appended);
        }
        return new CommitResult.Refused(refusals((Verdict.Refused) verdict));
    }

    static <T> Appended<T> appended(CommitRequest.Append<T> append, Verdict.Applied applied) {
        List<Verdict.Placed> placed = applied.events().get(append.stream().name());
        List<Event<T>> events = new ArrayList<>();
        int duplicates = 0;
        for (Verdict.Placed one : placed == null ? List.<Verdict.Placed>of() : placed) {
            events.add(one.event().in(append.stream()));
            duplicates += one.wasThere() ? 1 : 0;
        }
        return new Appended<>(append.stream(), events, duplicates);
    }

    static List<Refusal> refusals(Verdict.Refused refused) {
        return refused.reasons().stream().map(Results::refusal).toList();
    }

    private static Refusal refusal(Verdict.Reason reason) {
        if (reason instanceof Verdict.Unmet unmet) {
            return conflict(unmet.write(), unmet.latest());
        } else if (reason instanceof Verdict.Taken taken) {
            return claimed(taken.write().key(), taken.by());
        } else if (reason instanceof Verdict.Moved moved) {
            return conflict(moved.append(), moved.actual(), Optional.empty());
        } else if (reason instanceof Verdict.Reused reused) {
            return conflict(reused.append(), reused.number(), Optional.of(reused.event()));
        }
        return ((Verdict.Stale) reason).conflict();
    }

    /** Returns the result of an append that was refused, which can only be for its stream. */
    static <T> StreamConflict<T> refused(CommitRequest.Append<T> append, Verdict.Refused refused) {
        Verdict.Reason reason = refused.reasons().get(0);
        return reason instanceof Verdict.Reused reused
                ? conflict(append, reused.number(), Optional.of(reused.event()))
                : conflict(append, ((Verdict.Moved) reason).actual(), Optional.empty());
    }

    private static <T> StreamConflict<T> conflict(
            CommitRequest.Append<T> append, long actual, Optional<String> reusedId) {
        return new StreamConflict<>(append.stream(), append.expected().orElse(0), actual, reusedId);
    }

    private static <T> Claimed<T> claimed(Key<T> key, ClaimInfo by) {
        return new Claimed<>(key, by);
    }

    private static <T> Conflict<T> conflict(CommitRequest.Write<T> write, Optional<VersionRow> latest) {
        Optional<Change<T>> change = latest.map(row -> row.change(write.key()));
        return new Conflict<>(write.key(), write.precondition(), change);
    }
}
