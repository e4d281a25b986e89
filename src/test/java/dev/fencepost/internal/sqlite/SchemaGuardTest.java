package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaGuardTest {
    private static final Header FIRST = header(11, 5);
    private static final Header SECOND = header(12, 6);

    @TempDir
    Path folder;

    private final SchemaGuard guard = new SchemaGuard();
    private SqliteSession session;

    @BeforeEach
    void open() {
        session = StoreOpener.open(StoreConfig.of(folder.resolve("a.db")))
                .sqlite()
                .open();
        guard.check(session, FIRST);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static Header header(long counter, long frames) {
        return new Header(3_007_000, 0x1_0000_0000L + counter, frames, 0, 0, 0);
    }

    private void swallow() {
        session.change("CREATE TRIGGER swallow BEFORE INSERT ON log BEGIN SELECT RAISE(IGNORE); END");
    }

    @Test
    void changedSchema_inATransaction_isRefused() {
        swallow();
        assertThatThrownBy(() -> guard.check(session, FIRST))
                .isInstanceOf(UnusableStoreException.class)
                .hasMessageContaining("swallow");
    }

    @Test
    void ownCommits_withoutForeignCommits_areNotCompared() {
        guard.committed(FIRST, SECOND);
        swallow();
        // The header is unchanged, so the schema is too, and the guard does not read it.
        guard.check(session, SECOND);
        assertThatThrownBy(() -> guard.check(session, null)).isInstanceOf(UnusableStoreException.class);
    }

    @Test
    void commitOfAnother_afterOwnCommits_isCompared() {
        guard.committed(FIRST, SECOND);
        swallow();
        assertThatThrownBy(() -> guard.check(session, header(13, 7))).isInstanceOf(UnusableStoreException.class);
    }

    @Test
    void statementByItself_betweenKnownHeaders_isNotCompared() {
        guard.committed(header(10, 4), FIRST);
        swallow();
        guard.confirm(session, FIRST, SECOND, () -> false);
        assertThatThrownBy(() -> guard.confirm(session, FIRST, header(13, 7), () -> true))
                .isInstanceOf(UnusableStoreException.class);
    }

    @Test
    void lostWrite_underRestoredSchema_isRefused() {
        swallow();
        session.change("DROP TRIGGER swallow");
        assertThatThrownBy(() -> guard.confirm(session, null, null, () -> false))
                .isInstanceOf(UnusableStoreException.class)
                .hasMessageContaining("the write was lost");
        guard.confirm(session, null, null, () -> true);
    }

    @Test
    void storedWrite_underRestoredSchema_isConfirmed() {
        swallow();
        session.change("DROP TRIGGER swallow");
        guard.confirm(session, null, null, () -> true);
        assertThat(session.number("SELECT count(*) FROM versions")).isZero();
    }

    @Test
    void otherConnection_afterForget_isVerified() {
        guard.committed(FIRST, SECOND);
        guard.forget();
        swallow();
        assertThatThrownBy(() -> guard.check(session, SECOND)).isInstanceOf(UnusableStoreException.class);
    }
}
