package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimToken;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.sql.KeyRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests that one key decides, and the conditions for its row. */
class CommitRequestTest {
    private static final Key<String> KEY = Key.text("k");
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

    private static KeyRow row(long version, boolean present) {
        return new KeyRow(1, "k", version, present, 5, 0, Optional.empty(), 5);
    }

    @Test
    void singleWrite_isPermitted_ifItsPreconditionIsMet() {
        CommitRequest blind = of(put(Precondition.none()));
        CommitRequest present = of(put(Precondition.ifPresent()));
        CommitRequest absent = of(put(Precondition.ifAbsent()));
        CommitRequest seventh = of(put(Precondition.ifVersion(7)));
        assertThat(List.of(blind, present, absent, seventh)).allMatch(CommitRequest::isSingle);
        assertThat(List.of(blind, present, seventh)).allMatch(request -> request.permits(row(7, true)));
        assertThat(List.of(blind, absent)).allMatch(request -> request.permits(row(7, false)));
        assertThat(absent.permits(row(7, true))).isFalse();
        assertThat(present.permits(row(7, false))).isFalse();
        assertThat(seventh.permits(row(7, false))).isFalse();
        assertThat(seventh.permits(row(8, true))).isFalse();
    }

    @Test
    void deletion_withoutPrecondition_expectsPresence() {
        CommitRequest blind = of(new CommitRequest.EncodedWrite<>(
                Kind.DELETE, KEY, Precondition.none(), Optional.empty(), Optional.empty(), true));
        CommitRequest seventh = of(writing.delete(KEY, Precondition.ifVersion(7)));
        assertThat(List.of(blind, seventh)).allMatch(CommitRequest::isSingle);
        assertThat(List.of(blind, seventh)).allMatch(request -> request.permits(row(7, true)));
        assertThat(blind.permits(row(7, false))).isFalse();
        assertThat(seventh.permits(row(8, true))).isFalse();
    }

    @Test
    void claimedKey_isValidated() {
        KeyRow claimed = new KeyRow(1, "k", 7, true, 5, 1, Optional.of(4L), 5);
        assertThat(of(put(Precondition.none())).permits(claimed)).isFalse();
    }

    @Test
    void preconditionBeyondOneStatement_isValidated() {
        CommitRequest.EncodedWrite<String> only = new CommitRequest.EncodedWrite<>(
                Kind.REQUIRE, KEY, Precondition.ifPresent(), Optional.empty(), Optional.empty(), false);
        assertThat(of(put(Precondition.ifValue("v"))).isSingle()).isFalse();
        assertThat(of(only).isSingle()).isFalse();
    }

    @Test
    void moreThanOneWrite_isValidated() {
        CommitRequest.EncodedWrite<String> put = put(Precondition.none());
        CommitRequest.EncodedAppend<String> append =
                new CommitRequest.EncodedAppend<>(EventStream.text("log"), OptionalLong.empty(), List.of());
        FencingToken claim = new FencingToken(TOKEN, List.of());
        CommitParticipant attachment = (scope, sequence) -> {};
        Optional<ReadSet> unread = Optional.empty();
        assertThat(of().isSingle()).isFalse();
        assertThat(of(put, writing.put(Key.text("other"), "v", Precondition.none()))
                        .isSingle())
                .isFalse();
        assertThat(new CommitRequest("planner", List.of(put), List.of(append), List.of(), unread, Optional.empty())
                        .isSingle())
                .isFalse();
        assertThat(new CommitRequest("planner", List.of(put), List.of(claim), unread).isSingle())
                .isFalse();
        assertThat(new CommitRequest("planner", List.of(put), List.of(), List.of(), unread, Optional.of(attachment))
                        .isSingle())
                .isFalse();
    }

    @Test
    void readSetOfItsOwnKey_expectsNoChangeSince() {
        CommitRequest ofKey = having(new ReadSet(5, Set.of("k"), NONE, NONE));
        CommitRequest ofNothing = having(new ReadSet(5, NONE, NONE, NONE));
        CommitRequest before = having(new ReadSet(4, Set.of("k"), NONE, NONE));
        assertThat(List.of(ofKey, ofNothing, before)).allMatch(CommitRequest::isSingle);
        assertThat(List.of(ofKey, ofNothing)).allMatch(request -> request.permits(row(7, true)));
        assertThat(before.permits(row(7, true))).isFalse();
    }

    @Test
    void readSetOfOtherNames_isValidated() {
        Set<String> others = Set.of("k", "other");
        assertThat(having(new ReadSet(5, others, NONE, NONE)).isSingle()).isFalse();
        assertThat(having(new ReadSet(5, NONE, Set.of("k"), NONE)).isSingle()).isFalse();
        assertThat(having(new ReadSet(5, NONE, NONE, Set.of("k"))).isSingle()).isFalse();
    }
}
