package dev.fencepost.internal.txn;

import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Writes.Kind;
import java.util.List;
import java.util.Optional;

/**
 * What one caller wants to commit, whole or not at all.
 *
 * @param agent who commits
 * @param writes each key once
 * @param claims what the commit depends on
 * @param reads what a transaction has read; empty if it is none
 */
record CommitRequest(String agent, List<Write<?>> writes, List<ClaimRef> claims, Optional<ReadSet> reads) {
    /**
     * One write, with its value as text already, so that no codec runs inside the write transaction.
     *
     * @param text the value to be written; empty to delete, or only to demand
     * @param expectedText the text that the key must have, where the precondition asks for a value
     * @param skipAbsent whether to delete an absent key is no write, rather than a conflict
     */
    record Write<T>(
            Kind kind,
            Key<T> key,
            Precondition<T> precondition,
            Optional<String> text,
            Optional<String> expectedText,
            boolean skipAbsent) {}

    CommitRequest {
        writes = List.copyOf(writes);
        claims = List.copyOf(claims);
    }
}
