package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimToken;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.sql.VersionTables.Expected;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that one statement on one key can express, and its condition. */
class CommitRequestTest {
    private static final Key<String> KEY = Key.text("k");
    private static final long WHENEVER = Long.MAX_VALUE;
    private static final Set<String> NONE = Set.of();
    private static final ClaimToken TOKEN = new ClaimToken("fpc-" + "0".repeat(32) + "-1-" + "0".repeat(16));

    private final WriteEncoder writing = new WriteEncoder(StoreConfig.of(Path.of("a.db")));

    private CommitRequest.EncodedWrite<String> put(Precondition<String> asked) {
        return writing.put(KEY, "v", asked);
    }

    private static CommitRequest of(CommitRequest.EncodedWrite<?>... writes) {
        return new CommitRequest("planner", List.of(writes), List.of(), Optional.empty());
    }

    private CommitRequest having(ReadSet reads) {
        return new CommitRequest("planner", List.of(put(Precondition.none())), List.of(), Optional.of(reads));
    }

    private static Optional<Expected> expected(boolean present, long version, long unchangedSince) {
        return Optional.of(new Expected("k", present, version, unchangedSince));
    }

    @Test
    void singleWrite_expectsItsPrecondition() {
        assertThat(of(put(Precondition.none())).single()).isEqualTo(expected(false, 0, WHENEVER));
        assertThat(of(put(Precondition.ifPresent())).single()).isEqualTo(expected(true, 0, WHENEVER));
        assertThat(of(put(Precondition.ifVersion(7))).single()).isEqualTo(expected(true, 7, WHENEVER));
    }

    @Test
    void deletion_withoutPrecondition_expectsPresence() {
        CommitRequest.EncodedWrite<String> blind = new CommitRequest.EncodedWrite<>(
                Kind.DELETE, KEY, Precondition.none(), Optional.empty(), Optional.empty(), true);
        assertThat(of(blind).single()).isEqualTo(expected(true, 0, WHENEVER));
        assertThat(of(writing.delete(KEY, Precondition.ifVersion(7))).single()).isEqualTo(expected(true, 7, WHENEVER));
    }

    @Test
    void preconditionBeyondOneStatement_isValidated() {
        CommitRequest.EncodedWrite<String> only = new CommitRequest.EncodedWrite<>(
                Kind.REQUIRE, KEY, Precondition.ifPresent(), Optional.empty(), Optional.empty(), false);
        assertThat(of(put(Precondition.ifAbsent())).single()).isEmpty();
        assertThat(of(put(Precondition.ifValue("v"))).single()).isEmpty();
        assertThat(of(only).single()).isEmpty();
    }

    @Test
    void moreThanOneWrite_isValidated() {
        CommitRequest.EncodedWrite<String> put = put(Precondition.none());
        CommitRequest.EncodedAppend<String> append =
                new CommitRequest.EncodedAppend<>(EventStream.text("log"), OptionalLong.empty(), List.of());
        FencingToken claim = new FencingToken(TOKEN, List.of());
        CommitParticipant attachment = (scope, sequence) -> {};
        Optional<ReadSet> unread = Optional.empty();
        assertThat(of().single()).isEmpty();
        assertThat(of(put, writing.put(Key.text("other"), "v", Precondition.none()))
                        .single())
                .isEmpty();
        assertThat(new CommitRequest("planner", List.of(put), List.of(append), List.of(), unread, Optional.empty())
                        .single())
                .isEmpty();
        assertThat(new CommitRequest("planner", List.of(put), List.of(claim), unread).single())
                .isEmpty();
        assertThat(new CommitRequest("planner", List.of(put), List.of(), List.of(), unread, Optional.of(attachment))
                        .single())
                .isEmpty();
    }

    @Test
    void readSetOfItsOwnKey_expectsNoChangeSince() {
        assertThat(having(new ReadSet(5, Set.of("k"), NONE, NONE)).single()).isEqualTo(expected(false, 0, 5));
        assertThat(having(new ReadSet(5, NONE, NONE, NONE)).single()).isEqualTo(expected(false, 0, 5));
    }

    @Test
    void readSetOfOtherNames_isValidated() {
        Set<String> others = Set.of("k", "other");
        assertThat(having(new ReadSet(5, others, NONE, NONE)).single()).isEmpty();
        assertThat(having(new ReadSet(5, NONE, Set.of("k"), NONE)).single()).isEmpty();
        assertThat(having(new ReadSet(5, NONE, NONE, Set.of("k"))).single()).isEmpty();
    }
}
