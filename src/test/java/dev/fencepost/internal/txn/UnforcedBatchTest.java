package dev.fencepost.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Precondition;
import dev.fencepost.StoreFailedException;
import dev.fencepost.file.ThinDisk;
import dev.fencepost.internal.claim.Claims;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Members of one batch that the disk takes, and cannot keep. */
@EnabledIf("dev.fencepost.file.ThinDisk#isPossible")
class UnforcedBatchTest extends QueueFixture {
    private ThinDisk disk;

    @BeforeEach
    void open() throws IOException {
        disk = new ThinDisk(folder);
        open(disk.folder().resolve("a.db"), Durability.POWER_LOSS);
    }

    @Override
    @AfterEach
    void close() throws IOException {
        try (ThinDisk closing = disk) {
            assertThat(closing).isNotNull();
            super.close();
        }
    }

    private CommitRequest write(String text) {
        return new CommitRequest(
                "planner",
                List.of(new Writing(config).put(Key.text("k"), text, Precondition.none())),
                List.of(),
                Optional.empty());
    }

    @Test
    void eachLearnsWhatCanBeKnownOfIt() throws IOException {
        long before = queue.submit(scope -> scope.sequence("planner"));
        Pending<Verdict> commit = queue.enqueue(
                new Judge(write("x".repeat(20_000)), new Fences("store"), Claims.reclaims(config), false, null, false));
        Pending<Long> answer = queue.enqueue(WriteScope::lastSequence);
        disk.fill();
        OutcomeUnknownException unknown = (OutcomeUnknownException) catchThrowable(() -> queue.await(commit));
        assertThat(unknown.commit().sequence()).isEqualTo(before + 1);
        assertThatThrownBy(() -> queue.await(answer))
                .isInstanceOf(StoreFailedException.class)
                .isNotInstanceOf(OutcomeUnknownException.class);
        disk.giveRoom();
        long after = queue.submit(scope -> scope.sequence("planner"));
        assertThat(after).isBetween(before + 1, before + 2);
    }
}
