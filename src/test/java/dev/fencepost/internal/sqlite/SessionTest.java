package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.StorageException;
import dev.fencepost.internal.sql.Session;
import org.junit.jupiter.api.Test;

/** Cached statements. */
class SessionTest {
    @Test
    void cachedStatement_afterFailure_worksAgain() {
        String sql = "SELECT json(?)";
        try (Session session = SqliteConnections.openInMemory()) {
            assertThatThrownBy(() -> session.first(sql, (rs, ctx) -> rs.getString(1), "no JSON"))
                    .isInstanceOf(StorageException.class);
            assertThat(session.first(sql, (rs, ctx) -> rs.getString(1), "[1]")).contains("[1]");
            assertThat(session.first(sql, (rs, ctx) -> rs.getString(1), "[2]")).contains("[2]");
        }
    }
}
