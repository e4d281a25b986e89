package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Event;
import dev.fencepost.EventStream;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import dev.fencepost.internal.sql.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of each earlier schema, with rows in every table, as its version of the library left it. */
class SchemaFilesTest {
    private static final String NEWEST =
            Integer.toString(Schema.SHIPPED.migrations().size());

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() throws IOException {
        file = folder.toRealPath().resolve("a.db");
    }

    private void unpack(int schema) throws IOException {
        try (InputStream packed = SchemaFilesTest.class.getResourceAsStream("/files/schema-" + schema + ".db.gz")) {
            Files.copy(new GZIPInputStream(packed), file);
        }
        assertThat(FileDump.query(file, "PRAGMA user_version")).containsExactly("" + schema);
    }

    private void assertIsAsItWas(int schema, Store store) {
        assertThat(FileDump.query(file, "PRAGMA user_version")).containsExactly(NEWEST);
        assertThat(store.check().findings()).isEmpty();
        assertThat(store.list(Prefix.text("plan/")).stream().map(Versioned::value))
                .containsExactly("three", "drei");
        assertThat(store.get(Key.text("plan/b"))).isEmpty();
        assertThat(FileDump.query(file, "SELECT count(*) FROM history WHERE key = 'plan/b'"))
                .containsExactly("2");
        if (schema >= 2) {
            assertThat(store.agent("a").sagas().find("order-1")).isPresent();
        }
        if (schema >= 3) {
            EventStream<String> orders = EventStream.text("orders");
            assertThat(store.events(orders, 0, 10).stream().map(Event::body))
                    .containsExactly("text 1", "text 2", "text 3");
            assertThat(store.agent("a").feed().cursors()).hasSize(1);
            assertThat(FileDump.query(file, "SELECT count(*) FROM conflicts")).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void earlierFile_opened_isMigratedAndSound(int schema) throws IOException {
        unpack(schema);
        for (int round = 0; round < 2; round++) {
            try (Store store = Store.open(file)) {
                assertIsAsItWas(schema, store);
                assertThat(store.claims().stream().map(ClaimInfo::key)).contains("plan/a");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void earlierFile_adopted_isMigratedAndSound(int schema) throws IOException {
        unpack(schema);
        assertThat(Store.adopt(StoreConfig.of(file), "operator").endedClaims()).isPositive();
        try (Store store = Store.open(file)) {
            assertIsAsItWas(schema, store);
            assertThat(store.claims()).isEmpty();
        }
    }
}
