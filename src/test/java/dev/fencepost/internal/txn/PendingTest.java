package dev.fencepost.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.sql.Opening;
import dev.fencepost.internal.sql.Patience;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a member that runs more than once, since a transaction that it was in was rolled back. */
class PendingTest {
    @TempDir
    Path folder;

    /** Is applied in a transaction, and finds something in the way when it runs alone. */
    private static final Member<String> IN_VAIN_ALONE = new Member<>() {
        @Override
        public String apply(WriteScope scope) {
            return "applied";
        }

        @Override
        public Optional<String> applyAlone(WriteScope scope) {
            return Optional.empty();
        }
    };

    @Test
    void whatWasRolledBack_isNotTakenForTheOutcomeOfTheNextTry() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
        try (Store store = Store.open(config);
                Session session = Opening.open(config).sqlite().openForReading()) {
            assertThat(store.id()).isNotEmpty();
            WriteScope scope = new WriteScope(
                    session,
                    false,
                    new ProcessIdentity(Claims.ownFacts()),
                    new AgreedTime(config, Claims.ownFacts()),
                    0,
                    Tip.EMPTY);
            Pending<String> pending = new Pending<>(IN_VAIN_ALONE, Thread.currentThread(), Patience.of(Duration.ZERO));
            pending.apply(scope);
            assertThat(pending.standing()).isEqualTo("applied");
            assertThat(pending.applyAlone(scope)).isFalse();
            assertThat(pending.standing()).isNull();
        }
    }
}
