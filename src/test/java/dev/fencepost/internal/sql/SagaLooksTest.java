package dev.fencepost.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches for sagas to resume, which are frequent and so read no inputs. */
class SagaLooksTest {
    @TempDir
    Path folder;

    @Test
    void searchForSagas_readsAnIndexAlone() throws Exception {
        Path file = folder.resolve("a.db");
        Store.open(file).close();
        StringBuilder plan = new StringBuilder();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + SagaViewStatements.GOING_ON)) {
            while (rows.next()) {
                plan.append(rows.getString("detail")).append('\n');
            }
        }
        assertThat(plan.toString())
                .contains("USING COVERING INDEX saga_runs_going_on")
                .doesNotContain("TEMP B-TREE");
    }
}
