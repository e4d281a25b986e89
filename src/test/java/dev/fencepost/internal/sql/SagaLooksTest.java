package dev.fencepost.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches for sagas to resume and for new entries. They are frequent, and so read no inputs and no old entries. */
class SagaLooksTest {
    @TempDir
    Path folder;

    @Test
    void searchForSagas_readsAnIndexAlone() throws Exception {
        assertThat(plan(SagaViewStatements.GOING_ON))
                .contains("USING COVERING INDEX sagas_in_progress")
                .doesNotContain("TEMP B-TREE");
    }

    @Test
    void searchForNewEntries_readsOnlyThese() throws Exception {
        assertThat(plan(SagaViewStatements.ENTRIES)).contains("SEARCH e USING INDEX", "(saga_id=? AND number>?)");
        assertThat(plan(SagaStatements.IS_CANCELLED)).contains("SEARCH saga_journal", "(saga_id=? AND number>?)");
    }

    private String plan(String sql) throws SQLException {
        Path file = folder.resolve("a.db");
        Store.open(file).close();
        StringBuilder plan = new StringBuilder();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString("detail")).append('\n');
            }
        }
        return plan.toString();
    }
}
