package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.process.ProcessRegistration;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sqlite.SqliteEngine;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A task that runs more than once, because the transaction of its first run was rolled back. */
class QueuedTaskTest {
    @TempDir
    Path folder;

    /** A task that succeeds in a transaction and cannot run as a single statement. */
    private static final CommitTask<String> IN_VAIN_ALONE = new CommitTask<>() {
        @Override
        public String apply(WriteTransaction scope) {
            return "applied";
        }

        @Override
        public Optional<String> applyAlone(WriteTransaction scope) {
            return Optional.empty();
        }
    };

    @Test
    void rolledBackResult_isNotTheOutcomeOfTheNextRun() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
        try (Store store = Store.open(config);
                Session session = SqliteEngine.open(config).openForReading()) {
            assertThat(store.id()).isNotEmpty();
            WriteTransaction scope = new WriteTransaction(
                    session,
                    ProtocolTrace.Factory.NONE,
                    new ProcessRegistration(new ProcessProbe().own()),
                    new AgreedTime(config, new ProcessProbe().own()),
                    new KeyRows(),
                    0,
                    Tip.EMPTY_LOG,
                    false);
            QueuedTask<String> pending =
                    new QueuedTask<>(IN_VAIN_ALONE, Thread.currentThread(), Patience.of(Duration.ZERO));
            pending.apply(scope);
            assertThat(pending.standing()).isEqualTo("applied");
            assertThat(pending.applyAlone(scope)).isFalse();
            assertThat(pending.standing()).isNull();
        }
    }
}
