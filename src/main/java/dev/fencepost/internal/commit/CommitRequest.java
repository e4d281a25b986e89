package dev.fencepost.internal.commit;

import dev.fencepost.AppendResult;
import dev.fencepost.Appended;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Refusal;
import dev.fencepost.StreamConflict;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.WriteResult;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.commit.CommitDecision.Applied;
import dev.fencepost.internal.commit.CommitDecision.Refused;
import dev.fencepost.internal.commit.CommitDecision.StoredEvent;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.VersionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One caller's request for an atomic commit.
 *
 * @param agent the name of the writing agent
 * @param writes the writes; each key occurs once
 * @param appends the appends; each stream occurs once
 * @param claims the claims that the commit depends on
 * @param reads the read set of the transaction or snapshot that it is based on; empty if there is none
 * @param attachment the participant that writes extra rows in the same commit
 */
record CommitRequest(
        String agent,
        List<EncodedWrite<?>> writes,
        List<EncodedAppend<?>> appends,
        List<FencingToken> claims,
        Optional<ReadSet> reads,
        Optional<CommitParticipant> attachment) {
    /**
     * One write. Its value is already encoded, so no codec runs inside the write transaction.
     *
     * @param text the value to write; empty for a deletion, or for a precondition alone
     * @param expectedText the text that the key must have, if the precondition demands a value
     * @param skipAbsent whether the deletion of an absent key is ignored; if not, it is a conflict
     */
    record EncodedWrite<T>(
            Kind kind,
            Key<T> key,
            Precondition<T> precondition,
            Optional<String> text,
            Optional<String> expectedText,
            boolean skipAbsent) {
        /**
         * Returns the result of a commit of this write alone. Its first refusal is for a claim, if there is one: the
         * version does not help a caller that may not write the key.
         */
        @SuppressWarnings("unchecked") // a refusal of this write has the type of its key
        WriteResult<T> result(CommitDecision decision) {
            if (decision instanceof Applied applied) {
                return new Committed<>(
                        key, applied.versions().values().iterator().next().stamp());
            }
            return (WriteResult<T>) first(decision);
        }

        /** Returns whether the row of its key meets the precondition, which is not about the value. */
        boolean isMet(KeyRow row) {
            if (precondition instanceof Precondition.Absent) {
                return !row.present();
            } else if (precondition instanceof Precondition.AtVersion<?> at) {
                return row.present() && row.version() == at.version();
            }
            return precondition instanceof Precondition.None || row.present();
        }

        /** Returns the refusal of this write because of the newest version. Decodes its value. */
        Conflict<T> conflict(Optional<VersionRow> latest) {
            return new Conflict<>(key, precondition, latest.map(row -> row.change(key)));
        }
    }

    /**
     * Events for one stream. {@code expected} is the number of the event that the stream must end with, or 0 for none.
     */
    record EncodedAppend<T>(EventStream<T> stream, OptionalLong expected, List<EncodedEvent> facts) {
        EncodedAppend {
            facts = List.copyOf(facts);
        }

        /** Returns the result of a commit of this append alone. */
        @SuppressWarnings("unchecked") // a refusal of this append has the type of its stream
        AppendResult<T> result(CommitDecision decision) {
            return decision instanceof Applied applied ? appended(applied) : (AppendResult<T>) first(decision);
        }

        private Appended<T> appended(Applied applied) {
            List<StoredEvent> stored = applied.events().getOrDefault(stream.name(), List.of());
            return new Appended<>(
                    stream, stored.stream().map(one -> one.event().in(stream)).toList(), (int)
                            stored.stream().filter(StoredEvent::wasThere).count());
        }

        /** Returns the refusal because of the end of the stream, or of an ID that another event has. */
        StreamConflict<T> conflict(long actual, Optional<String> reusedId) {
            return new StreamConflict<>(stream, expected.orElse(0), actual, reusedId);
        }
    }

    /** An event to append, already encoded. */
    record EncodedEvent(String id, int shape, String text) {}

    CommitRequest {
        writes = List.copyOf(writes);
        appends = List.copyOf(appends);
        claims = List.copyOf(claims);
    }

    CommitRequest(String agent, List<EncodedWrite<?>> writes, List<FencingToken> claims, Optional<ReadSet> reads) {
        this(agent, writes, List.of(), claims, reads, Optional.empty());
    }

    /** Returns this request with a participant. */
    CommitRequest with(CommitParticipant participant) {
        return new CommitRequest(agent, writes, appends, claims, reads, Optional.of(participant));
    }

    /** Returns the result of a commit of this request, with decoded values. */
    CommitResult result(CommitDecision decision) {
        if (!(decision instanceof Applied applied)) {
            return new CommitResult.Refused(((Refused) decision).refusals());
        }
        List<Committed<?>> committed = new ArrayList<>();
        for (EncodedWrite<?> write : writes) {
            VersionRow version = applied.versions().get(write.key().name());
            if (version != null) {
                committed.add(new Committed<>(write.key(), version.stamp()));
            }
        }
        List<Appended<?>> appended = new ArrayList<>();
        appends.forEach(append -> appended.add(append.appended(applied)));
        return new CommitResult.Applied(committed, appended);
    }

    private static Refusal first(CommitDecision decision) {
        return ((Refused) decision).reasons().get(0).refusal().get();
    }

    /** Returns whether the whole request is one write, whose key alone decides it. */
    boolean isSingle() {
        return writes.size() == 1
                && appends.isEmpty()
                && claims.isEmpty()
                && attachment.isEmpty()
                && writes.get(0).kind() != Kind.REQUIRE
                && !(writes.get(0).precondition() instanceof Precondition.HasValue)
                && readsAtMost(writes.get(0).key().name());
    }

    /** Returns whether the row of its key permits a request that {@link #isSingle}, as far as rows tell. */
    boolean permits(KeyRow row) {
        EncodedWrite<?> write = writes.get(0);
        return row.claim().isEmpty()
                && (write.kind() != Kind.DELETE || row.present())
                && write.isMet(row)
                && (reads.isEmpty() || row.sequence() <= reads.get().sequence());
    }

    private boolean readsAtMost(String key) {
        return reads.isEmpty()
                || (reads.get().prefixes().isEmpty()
                        && reads.get().streams().isEmpty()
                        && Set.of(key).containsAll(reads.get().keys()));
    }
}
