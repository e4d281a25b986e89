package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The notice that a claim was lost through another store, while its holder works. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LostClaimTest {
    private static final Key<String> PLAN = Key.text("plans/launch");

    @TempDir
    Path folder;

    private Store open(Duration heartbeat) {
        return Store.open(StoreConfig.of(folder.resolve("a.db"))
                .withDurability(Durability.PROCESS_DEATH)
                .withHeartbeat(heartbeat));
    }

    /** The heartbeat is due long after the test, so only the commit notice can report the loss. */
    @ParameterizedTest
    @ValueSource(strings = {"PT0.02S", "PT24H"})
    void revokedClaim_isReported(Duration heartbeat) {
        try (Store store = open(heartbeat);
                Store other = open(heartbeat)) {
            Claim claim = store.agent("worker")
                    .claim(PLAN, Lease.withoutHeartbeats(Duration.ofHours(1)))
                    .orThrow();
            CompletableFuture<LostClaim> lost = claim.lost().toCompletableFuture();
            assertThat(other.agent("operator").revoke(PLAN)).hasSize(1);
            assertThat(lost.join().ending()).isEqualTo(ClaimEnd.REVOKED);
        }
    }

    @Test
    void watching_endsWithTheLastClaim_andRestarts() {
        try (Store store = open(Duration.ofMillis(20));
                Store other = open(Duration.ofMillis(20))) {
            for (int round = 0; round < 3; round++) {
                Claim claim = store.agent("worker")
                        .claim(PLAN, Lease.of(Duration.ofHours(1)))
                        .orThrow();
                CompletableFuture<LostClaim> lost = claim.lost().toCompletableFuture();
                assertThat(other.agent("operator").revoke(PLAN)).hasSize(1);
                assertThat(lost.join().key()).isEqualTo(PLAN.name());
                claim.close();
            }
        }
    }
}
