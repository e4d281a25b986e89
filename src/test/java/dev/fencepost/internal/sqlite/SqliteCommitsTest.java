package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Commits;
import dev.fencepost.testing.StoreTest;
import org.junit.jupiter.api.Test;

/** Write transactions on a SQLite file, after one that ended abnormally. */
class SqliteCommitsTest extends StoreTest {
    private static final String REGISTRATION = """
        INSERT INTO processes (id, pid, start_time, boot_id, pid_namespace, opened_at, heartbeat_at)
        SELECT max(id) + 1, 7, '', '', '', 1, 1 FROM processes""";

    @Test
    void begin_afterAbandonedTransaction_discardsIt() {
        try (SqliteEngine engine = SqliteEngine.open(StoreConfig.of(file));
                Commits commits = engine.openForCommits()) {
            commits.begin(false);
            commits.session().change(REGISTRATION);
            assertThatCode(() -> commits.begin(false)).doesNotThrowAnyException();
            assertThat(commits.session().number("SELECT count(*) FROM processes WHERE pid = 7"))
                    .isZero();
            commits.commit(false, true);
        }
    }
}
