package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimHolder;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Claimed;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The decision on a commit that changes nothing, and whether to retry a refused commit at once. */
class CommitValidatorTest extends QueueFixture {
    private static final Key<String> KEY = Key.text("k");

    private static final ClaimInfo SOMEBODY =
            new ClaimInfo("k", 1, new ClaimHolder("other", 2, 3), Instant.EPOCH, Instant.EPOCH);

    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.PROCESS_DEATH);
    }

    private CommitValidator judge(CommitRequest request, boolean triesAgain) {
        return new CommitValidator(
                request,
                new FencingCheck("store"),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                triesAgain,
                null,
                false);
    }

    private static CommitRequest request(CommitRequest.EncodedWrite<?>... writes) {
        return new CommitRequest("planner", List.of(writes), List.of(), Optional.empty());
    }

    private CommitRequest.EncodedWrite<String> put(Precondition<String> precondition) {
        return new WriteEncoder(config).put(KEY, "v", precondition);
    }

    private static CommitRequest.EncodedWrite<String> write(Kind kind, Precondition<String> asked, boolean skipAbsent) {
        return new CommitRequest.EncodedWrite<>(kind, KEY, asked, Optional.empty(), Optional.empty(), skipAbsent);
    }

    private static CommitRequest append() {
        return new CommitRequest(
                "planner",
                List.of(),
                List.of(new CommitRequest.EncodedAppend<>(
                        EventStream.text("log"),
                        OptionalLong.empty(),
                        List.of(new CommitRequest.EncodedEvent("e1", 0, "body")))),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private CommitDecision commit(CommitRequest request) {
        return queue.submit(judge(request, false));
    }

    private long last() {
        return queue.submit(WriteTransaction::lastSequence);
    }

    @Test
    void commitWithoutEffect_takesNoSequence() {
        CommitDecision.Applied made = (CommitDecision.Applied) commit(append());
        assertThat(made.wrote()).isTrue();
        assertThat(last()).isEqualTo(1);
        for (CommitRequest idle : List.of(
                append(),
                request(write(Kind.REQUIRE, Precondition.ifAbsent(), false)),
                request(write(Kind.DELETE, Precondition.none(), true)))) {
            CommitDecision.Applied applied = (CommitDecision.Applied) commit(idle);
            assertThat(applied.wrote()).isFalse();
            assertThat(applied.versions()).isEmpty();
            assertThat(last()).isEqualTo(1);
        }
    }

    @Test
    void deletion_ofPresentKeyApplies_ofAbsentKeyIsRefused() {
        commit(request(put(Precondition.none())));
        CommitDecision.Applied deleted =
                (CommitDecision.Applied) commit(request(write(Kind.DELETE, Precondition.none(), true)));
        assertThat(deleted.wrote()).isTrue();
        assertThat(last()).isEqualTo(2);
        assertThat(commit(request(write(Kind.DELETE, Precondition.ifPresent(), false))))
                .isInstanceOf(CommitDecision.Refused.class);
        assertThat(last()).isEqualTo(2);
    }

    @Test
    void veto_isReturned_andNothingIsWritten() {
        IllegalStateException objection = new IllegalStateException("it has been done");
        CommitParticipant attachment = new CommitParticipant() {
            @Override
            public void write(WriteTransaction scope, long sequence) {
                throw new AssertionError("it objected");
            }

            @Override
            public Optional<RuntimeException> veto(WriteTransaction scope) {
                return Optional.of(objection);
            }
        };
        CommitRequest request = new CommitRequest(
                "planner",
                List.of(put(Precondition.none())),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(attachment));
        assertThat(commit(request)).isEqualTo(new CommitDecision.Vetoed(objection));
        assertThat(last()).isZero();
    }

    @Test
    void refusedCommit_isRetriedAtOnce_unlessTheKeyIsClaimed() {
        CommitRequest request = request(put(Precondition.ifVersion(5)));
        CommitDecision unmet = commit(request);
        CommitDecision applied = commit(request(put(Precondition.none())));
        CommitDecision taken = new CommitDecision.Refused(List.of(
                ((CommitDecision.Refused) unmet).reasons().get(0),
                CommitDecision.Reason.of(new Claimed<>(KEY, SOMEBODY))));
        assertThat(judge(request, true).triesAgain(unmet)).isTrue();
        assertThat(judge(request, false).triesAgain(unmet)).isFalse();
        assertThat(judge(request, true).triesAgain(applied)).isFalse();
        assertThat(judge(request, true).triesAgain(taken)).isFalse();
    }

    @Test
    void toString_namesTheWrites() {
        assertThat(judge(request(put(Precondition.none())), false)).hasToString("PUT k");
    }
}
