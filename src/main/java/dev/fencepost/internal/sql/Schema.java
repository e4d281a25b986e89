package dev.fencepost.internal.sql;

import dev.fencepost.StoreFailedException;
import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The schema and its numbered migrations, each applied in the transaction that also moves the file's version on. Also
 * whether the tables, views and triggers in a file are those that the migrations make, since the laws rest on them.
 */
final class Schema {
    /** Marks the file as a store; "FNCP" in ASCII. */
    static final int APPLICATION_ID = 0x464E4350;

    private static final List<String> MIGRATIONS = List.of("V1__store.sql");

    private static final String OBJECTS =
            "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

    private static final Pattern BLANK_LINES = Pattern.compile("\\n{2,}");

    private Schema() {}

    /** The version that this library writes. */
    static int newest() {
        return MIGRATIONS.size();
    }

    static int versionOf(Session session) {
        return (int) session.number("PRAGMA user_version");
    }

    static int applicationOf(Session session) {
        return (int) session.number("PRAGMA application_id");
    }

    /** Whether nothing has been made in the file yet. */
    static boolean isBlank(Session session) {
        return session.number("SELECT count(*) FROM sqlite_schema") == 0;
    }

    /** Refuses a file that a newer library has written. */
    static void refuseNewer(int version) {
        if (version > newest()) {
            throw new StoreRefusedException(
                    Door.NEWER_SCHEMA,
                    "The file has schema " + version + ", and this library knows schemas up to " + newest()
                            + ". Use a newer version of the library; the file was left untouched",
                    null);
        }
    }

    /** Applies what is missing; must be called inside a write transaction. */
    static void migrate(Session session, int from) {
        for (int i = from; i < MIGRATIONS.size(); i++) {
            for (String statement : split(read(MIGRATIONS.get(i)))) {
                session.change(statement);
            }
        }
        session.change("PRAGMA user_version = " + newest());
    }

    /** Refuses a file in which something that the laws rest on is missing, altered or added. */
    static void verify(Session session) {
        Map<String, String> actual = objects(session);
        Map<String, String> expected = Expected.OBJECTS;
        List<String> wrong = new ArrayList<>();
        expected.forEach((name, sql) -> {
            if (!sql.equals(actual.get(name))) {
                wrong.add(name + (actual.containsKey(name) ? " is altered" : " is missing"));
            }
        });
        actual.keySet().stream()
                .filter(name -> name.startsWith("trigger ") && !expected.containsKey(name))
                .forEach(name -> wrong.add(name + " does not belong here"));
        if (!wrong.isEmpty()) {
            throw new StoreRefusedException(
                    Door.DAMAGED,
                    "The schema of the file is not as this library made it: " + String.join(", ", wrong)
                            + ". Restore a backup, or undo what was done to the schema",
                    null);
        }
    }

    private static Map<String, String> objects(Session session) {
        Map<String, String> found = new HashMap<>();
        session.all(OBJECTS, (rs, ctx) -> Map.entry(rs.getString(1) + " " + rs.getString(2), rs.getString(4)))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    /** Statements are divided by blank lines; comments before a statement are left out of it. */
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
                throw new StoreFailedException(
                        "The library's own file " + name + " is missing; its jar is incomplete",
                        new IOException("no resource " + name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the migrations make, found out by making it once in memory. */
    private static final class Expected {
        static final Map<String, String> OBJECTS = make();

        private static Map<String, String> make() {
            try (Session memory = SqliteFile.openInMemory()) {
                migrate(memory, 0);
                return objects(memory);
            }
        }
    }
}
