package dev.fencepost.internal.commit;

import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.sql.VersionTables.Expected;
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
            boolean skipAbsent) {}

    /**
     * Events for one stream. {@code expected} is the number of the event that the stream must end with, or 0 for none.
     */
    record EncodedAppend<T>(EventStream<T> stream, OptionalLong expected, List<EncodedEvent> facts) {
        EncodedAppend {
            facts = List.copyOf(facts);
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

    /** Returns the condition under which one statement can apply the whole request; empty if one is not enough. */
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
