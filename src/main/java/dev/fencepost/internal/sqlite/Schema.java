package dev.fencepost.internal.sqlite;

import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The schema and its numbered migrations. Each migration is applied in the transaction that also increases the file's
 * version. The tables, views and triggers in a file must be those that the migrations create, since the library's
 * guarantees depend on them. Safe for use by many threads.
 */
public final class Schema {
    /** The number that marks a file as a store; "FNCP" in ASCII. */
    static final int APPLICATION_ID = 0x464E4350;

    /** The schema of this library. */
    public static final Schema SHIPPED =
            new Schema(List.of(Stream.of("store", "values", "claims", "history_and_events", "cursors", "sagas")
                    .map(part -> read("V1__" + part + ".sql"))
                    .collect(Collectors.joining("\n"))));

    private static final String OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL";

    private static final Pattern BLANK_LINES = Pattern.compile("\\n{2,}");

    private final List<String> migrations;
    /** The objects that the migrations create, for each version. Determined once, by a migration in memory. */
    private final Map<Integer, Map<String, SchemaObject>> expected = new ConcurrentHashMap<>();

    /** A table, view, trigger or index of a file. */
    private record SchemaObject(String type, String name, String table, String sql) {
        /** Returns the object's key. SQLite ignores the case of names and types. */
        String id() {
            return (type + " " + name).toLowerCase(Locale.ROOT);
        }

        /** Returns whether it takes effect when the table of another object is written. */
        boolean meddles() {
            return !type.equalsIgnoreCase("table") && !type.equalsIgnoreCase("view");
        }
    }

    /**
     * Creates a schema from scripts.
     *
     * @param migrations the scripts; the first creates version 1 in an empty file. Blank lines divide the statements of
     *     each
     */
    public Schema(List<String> migrations) {
        this.migrations = List.copyOf(migrations);
    }

    /** Returns the scripts that create the schema. */
    public List<String> migrations() {
        return migrations;
    }

    /** Returns the version that this library writes. */
    int newest() {
        return migrations.size();
    }

    static int versionOf(Session session) {
        return (int) session.number("PRAGMA user_version");
    }

    static int applicationOf(Session session) {
        return (int) session.number("PRAGMA application_id");
    }

    /** Returns whether the file has no objects, and no program has marked it as its own. */
    static boolean isUntouched(Session session) {
        return session.number("SELECT count(*) FROM sqlite_schema") == 0
                && applicationOf(session) == 0
                && versionOf(session) == 0;
    }

    /** Refuses a file that a newer library has written. */
    void refuseNewer(int version) {
        if (version > newest()) {
            throw new UnusableStoreException(
                    Reason.NEWER_SCHEMA,
                    "The file has schema version " + version + "; this library supports versions up to " + newest()
                            + ". Use a newer version of the library. The file was not changed",
                    null);
        }
    }

    /** Applies the missing migrations; must be called inside a write transaction. */
    void migrate(Session session, int from) {
        migrate(session, from, newest());
    }

    private void migrate(Session session, int from, int to) {
        for (String script : migrations.subList(from, to)) {
            for (String statement : split(script)) {
                session.change(statement);
            }
        }
        session.change("PRAGMA user_version = " + to);
    }

    /** Refuses a file in which an object that the guarantees depend on is missing, altered or added. */
    void verify(Session session) {
        List<String> wrong = differences(session);
        if (!wrong.isEmpty()) {
            throw new UnusableStoreException(
                    Reason.DAMAGED,
                    "The schema of the file differs from that of this library: " + String.join(", ", wrong)
                            + ". Restore a backup, or revert the changes to the schema",
                    null);
        }
    }

    /**
     * Refuses a schema that was changed while the file is open. If a newer library has migrated the file, all objects
     * of this library must be as they were, with nothing added to its tables.
     */
    void verifyWhileOpen(Session session) {
        int version = versionOf(session);
        if (version <= newest()) {
            verify(session);
        } else if (!keeps(objects(session), expected.computeIfAbsent(newest(), this::make))) {
            refuseNewer(version);
        }
    }

    private static boolean keeps(Map<String, SchemaObject> actual, Map<String, SchemaObject> wanted) {
        return wanted.entrySet().stream().allMatch(object -> object.getValue().equals(actual.get(object.getKey())))
                && actual.entrySet().stream()
                        .filter(object -> !wanted.containsKey(object.getKey()))
                        .map(Map.Entry::getValue)
                        .noneMatch(added -> added.meddles()
                                && wanted.values().stream()
                                        .anyMatch(own -> own.table().equalsIgnoreCase(added.table())));
    }

    /**
     * Returns the differences from the schema that the migrations up to the file's own version create. Tables and views
     * of other programs are ignored.
     */
    List<String> differences(Session session) {
        int version = versionOf(session);
        if (version < 1 || version > newest()) {
            return List.of("schema " + version + " is unknown");
        }
        Map<String, SchemaObject> actual = objects(session);
        Map<String, SchemaObject> wanted = expected.computeIfAbsent(version, this::make);
        List<String> wrong = new ArrayList<>();
        wanted.forEach((id, object) -> {
            SchemaObject found = actual.get(id);
            if (found == null || !found.sql().equals(object.sql())) {
                wrong.add(id + (found == null ? " is missing" : " is altered"));
            }
        });
        actual.forEach((id, object) -> {
            if (object.meddles() && !wanted.containsKey(id)) {
                wrong.add(id + " on " + object.table() + " is unexpected");
            }
        });
        return wrong.stream().sorted().toList();
    }

    private Map<String, SchemaObject> make(int version) {
        try (Session memory = SqliteConnections.openInMemory()) {
            migrate(memory, 0, version);
            return objects(memory);
        }
    }

    private static Map<String, SchemaObject> objects(Session session) {
        Map<String, SchemaObject> found = new HashMap<>();
        session.all(
                        OBJECTS,
                        (rs, ctx) ->
                                new SchemaObject(rs.getString(1), rs.getString(2), rs.getString(3), rs.getString(4)))
                .forEach(object -> found.put(object.id(), object));
        return found;
    }

    /** Splits a script into statements at blank lines, without the comments before a statement. */
    private static List<String> split(String script) {
        List<String> statements = new ArrayList<>();
        for (String paragraph : BLANK_LINES.split(script, -1)) {
            String statement =
                    paragraph.lines().filter(line -> !line.startsWith("--")).collect(Collectors.joining("\n"));
            if (!statement.isBlank()) {
                statements.add(statement);
            }
        }
        return statements;
    }

    private static String read(String name) {
        try (InputStream in = Schema.class.getResourceAsStream("/META-INF/fencepost/schema/sqlite/" + name)) {
            if (in == null) {
                throw new StorageException(
                        "The library's own file " + name + " is missing; its jar is incomplete",
                        new IOException("no resource " + name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
