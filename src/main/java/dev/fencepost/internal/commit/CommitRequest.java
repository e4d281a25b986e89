package dev.fencepost.internal.commit;

import dev.fencepost.EventStream;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.internal.sql.VersionTables.Expected;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What one caller wants to commit, whole or not at all.
 *
 * @param agent who commits
 * @param writes each key once
 * @param appends each stream once
 * @param claims what the commit depends on
 * @param reads what a transaction has read; empty if it is none
 * @param attachment what is written with it
 */
record CommitRequest(
        String agent,
        List<EncodedWrite<?>> writes,
        List<EncodedAppend<?>> appends,
        List<FencingToken> claims,
        Optional<ReadSet> reads,
        Optional<CommitParticipant> attachment) {
    /**
     * One write, with its value as text already, so that no codec runs inside the write transaction.
     *
     * @param text the value to be written; empty to delete, or only to demand
     * @param expectedText the text that the key must have, where the precondition asks for a value
     * @param skipAbsent whether to delete an absent key is no write, rather than a conflict
     */
    record EncodedWrite<T>(
            Kind kind,
            Key<T> key,
            Precondition<T> precondition,
            Optional<String> text,
            Optional<String> expectedText,
            boolean skipAbsent) {}

    /** Events for one stream; if it must end with a certain one, that event's number, or 0 for none. */
    record EncodedAppend<T>(EventStream<T> stream, OptionalLong expected, List<EncodedEvent> facts) {
        EncodedAppend {
            facts = List.copyOf(facts);
        }
    }

    /** An event that is to be appended, as text already. */
    record EncodedEvent(String id, int shape, String text) {}

    CommitRequest {
        writes = List.copyOf(writes);
        appends = List.copyOf(appends);
        claims = List.copyOf(claims);
    }

    CommitRequest(String agent, List<EncodedWrite<?>> writes, List<FencingToken> claims, Optional<ReadSet> reads) {
        this(agent, writes, List.of(), claims, reads, Optional.empty());
    }

    /** What one statement can demand of the key in place of a judgement, where all of the request comes down to that. */
    Optional<Expected> single() {
        if (writes.size() != 1 || !appends.isEmpty() || !claims.isEmpty() || attachment.isPresent()) {
            return Optional.empty();
        }
        EncodedWrite<?> write = writes.get(0);
        Precondition<?> asked = write.precondition();
        boolean simple = asked instanceof Precondition.None
                || asked instanceof Precondition.Present
                || asked instanceof Precondition.AtVersion;
        String key = write.key().name();
        if (!simple || write.kind() == Kind.REQUIRE || !readsAtMost(key)) {
            return Optional.empty();
        }
        boolean present = write.kind() == Kind.DELETE || !(asked instanceof Precondition.None);
        long version = asked instanceof Precondition.AtVersion<?> at ? at.version() : 0;
        return Optional.of(
                new Expected(key, present, version, reads.map(ReadSet::sequence).orElse(Long.MAX_VALUE)));
    }

    private boolean readsAtMost(String key) {
        return reads.isEmpty()
                || (reads.get().prefixes().isEmpty()
                        && reads.get().streams().isEmpty()
                        && Set.of(key).containsAll(reads.get().keys()));
    }
}
