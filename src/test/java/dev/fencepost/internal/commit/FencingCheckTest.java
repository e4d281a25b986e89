package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.Store;
import dev.fencepost.internal.commit.FencingToken.KeyEpoch;
import dev.fencepost.internal.sql.ClaimTables;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check of claims against the file, and the report of a lost claim. */
class FencingCheckTest extends QueueFixture {
    private static final Lease HOUR = Lease.withoutHeartbeats(Duration.ofHours(1));

    private Store store;
    private Claim claim;
    private FencingCheck fences;

    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.PROCESS_DEATH);
        store = Store.open(config);
        claim = store.agent("planner")
                .claim(List.of(Key.text("a"), Key.text("b")), HOUR, Duration.ZERO)
                .orThrow();
        fences = new FencingCheck(storeId);
    }

    @Override
    @AfterEach
    void close() throws IOException {
        store.close();
        super.close();
    }

    private List<LostClaim> lost(String token, KeyEpoch... keys) {
        FencingToken ref = new FencingToken(new ClaimToken(token), List.of(keys));
        return reads.read(session -> fences.lost(ref, new ClaimTables(session)));
    }

    private void refuseUnknown(String token) {
        reads.read(session -> {
            fences.refuseUnknown(new ClaimToken(token), new ClaimTables(session));
            return true;
        });
    }

    private String token() {
        return claim.token().text();
    }

    private static LostClaim unknown(String key, long epoch) {
        return new LostClaim(key, epoch, 0, ClaimEnd.UNKNOWN, Optional.empty(), Optional.empty());
    }

    private LostClaim revoked(String key, long epoch, long present) {
        return new LostClaim(
                key, epoch, present, ClaimEnd.REVOKED, Optional.of("operator"), Optional.of(clock.instant()));
    }

    @Test
    void claim_withPresentEpochs_isHeld() {
        assertThat(lost(token(), new KeyEpoch("a", 1), new KeyEpoch("b", 1))).isEmpty();
        assertThat(lost(token())).isEmpty();
    }

    @Test
    void keyWithAnotherEpoch_isLost_othersAreHeld() {
        assertThat(lost(token(), new KeyEpoch("a", 7), new KeyEpoch("b", 1)))
                .containsExactly(new LostClaim("a", 7, 1, ClaimEnd.UNKNOWN, Optional.empty(), Optional.empty()));
        assertThat(lost(token(), new KeyEpoch("c", 1))).containsExactly(unknown("c", 1));
    }

    @Test
    void endedClaim_isLost_withEnderAndTime() {
        store.agent("operator").revoke(Key.text("a"));
        assertThat(lost(token(), new KeyEpoch("a", 1), new KeyEpoch("b", 1)))
                .containsExactly(revoked("a", 1, 2), revoked("b", 1, 2));
        // Even for a token with the present epoch.
        assertThat(lost(token(), new KeyEpoch("b", 2))).containsExactly(revoked("b", 2, 2));
    }

    @Test
    void foreignOrGuessedToken_isUnknown() {
        String elsewhere = token().replace(storeId, "0".repeat(32));
        String guessed = token().replaceAll("[0-9a-f]{16}$", "0".repeat(16));
        String notGranted = token().replaceAll("-[0-9]+-", "-99-");
        for (String token : List.of(elsewhere, guessed, notGranted)) {
            assertThat(lost(token, new KeyEpoch("a", 7), new KeyEpoch("c", 1)))
                    .containsExactly(
                            new LostClaim("a", 7, 1, ClaimEnd.UNKNOWN, Optional.empty(), Optional.empty()),
                            unknown("c", 1));
            assertThatThrownBy(() -> refuseUnknown(token))
                    .isInstanceOf(FencedException.class)
                    .hasMessageStartingWith("Unknown claim token '" + token + "': ");
        }
        refuseUnknown(token());
    }
}
