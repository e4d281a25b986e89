package dev.fencepost.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.cli.Cli;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.file.SqlShell;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A file prepared by an attacker: it is changed without the triggers that defend it, and then used in every way. */
final class HostileFile {
    static final String WITNESS = "CREATE TABLE witness (x)";

    private static final Key<String> A = Key.text("a");

    /** One way to use a store. */
    @FunctionalInterface
    interface Verb {
        void use(Store store, Agent agent);
    }

    private static final Map<String, Verb> VERBS = verbs();

    private HostileFile() {}

    private static Map<String, Verb> verbs() {
        Map<String, Verb> verbs = new LinkedHashMap<>();
        Lease lease = Lease.of(Duration.ofMinutes(1));
        verbs.put("get", (store, agent) -> used(store.get(A)));
        verbs.put("list", (store, agent) -> used(store.list(Prefix.text(""))));
        verbs.put("history", (store, agent) -> used(store.history().of(A)));
        verbs.put("version", (store, agent) -> used(store.history().version(A, 1)));
        verbs.put("events", (store, agent) -> used(store.events(EventStream.text("s"))));
        verbs.put("claims", (store, agent) -> used(store.claims()));
        verbs.put("feed", (store, agent) -> used(agent.feed().read(ChangeSource.values(Prefix.text("")), 0, 100)));
        verbs.put("cursors", (store, agent) -> used(agent.feed().cursors()));
        verbs.put("sagas", (store, agent) -> used(agent.sagas().list(true)));
        verbs.put("rules", (store, agent) -> used(agent.retention().rules()));
        verbs.put("refusals", (store, agent) -> used(store.history().refusals(10)));
        verbs.put("snapshot", (store, agent) -> {
            try (var then = store.snapshot()) {
                used(then.list(Prefix.text("")));
                used(then.claims());
            }
        });
        verbs.put("check", (store, agent) -> used(store.check()));
        verbs.put("put", (store, agent) -> used(agent.tryPut(A, "mine")));
        verbs.put("put another", (store, agent) -> used(agent.tryPut(Key.text("new"), "mine")));
        verbs.put(
                "transact",
                (store, agent) -> used(agent.transact(tx -> {
                    tx.list(Prefix.text(""));
                    tx.put(Key.text("in/tx"), "mine");
                    return "done";
                })));
        verbs.put("append", (store, agent) -> used(agent.append(EventStream.text("s"), NewEvent.of("mine"))));
        verbs.put("claim", (store, agent) -> used(agent.claim(Key.text("free"), lease)));
        verbs.put("claim held", (store, agent) -> used(agent.claim(Key.text("held"), lease)));
        verbs.put("revoke", (store, agent) -> used(agent.revoke(Key.text("held"))));
        verbs.put("retention", (store, agent) -> used(agent.retention().apply()));
        verbs.put("cancel", (store, agent) -> agent.sagas().cancel("order-1", "why"));
        verbs.put("delete", (store, agent) -> used(agent.tryDelete(A)));
        return verbs;
    }

    private static void used(Object answer) {
        assertThat(answer.toString()).isNotNull();
    }

    /** Creates a store with rows in every table. */
    static void fill(Path file) {
        try (Store store = Store.open(file)) {
            Agent planner = store.agent("planner");
            for (int i = 0; i < 3; i++) {
                planner.put(A, "" + i).orThrow();
                planner.put(Key.text("b/" + i), "x".repeat(3_000)).orThrow();
                used(planner.append(EventStream.text("s"), NewEvent.of("event " + i)));
            }
            planner.claim(Key.text("held"), Lease.withoutHeartbeats(Duration.ofHours(1)))
                    .orThrow();
            planner.retention().setRule("logs/", RetentionPolicy.latest(2));
            planner.sagas()
                    .run(
                            SagaDefinition.of("order", 1, Codec.text())
                                    .step(ExternalStep.<String>of("charge", context -> "paid")),
                            "order-1",
                            "a book");
        }
        assertThat(SqlShell.JDBC.run(file, WITNESS)).isEmpty();
    }

    /** Changes rows without triggers, checks and column types. */
    static void write(Path file, String... statements) throws SQLException {
        List<String> triggers = new ArrayList<>();
        Map<String, String> tables = new LinkedHashMap<>();
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery(
                    "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'trigger') AND sql IS NOT NULL")) {
                while (found.next()) {
                    if (found.getString(1).equals("trigger")) {
                        triggers.add("DROP TRIGGER " + found.getString(2));
                        triggers.add(found.getString(3));
                    } else {
                        tables.put(found.getString(2), found.getString(3));
                    }
                }
            }
            for (int i = 0; i < triggers.size(); i += 2) {
                statement.execute(triggers.get(i));
            }
            statement.execute("PRAGMA writable_schema = ON");
            statement.execute("UPDATE sqlite_schema SET sql = replace(replace(sql, ') STRICT, WITHOUT', ') WITHOUT'),"
                    + " ') STRICT', ')') WHERE type = 'table'");
        }
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA ignore_check_constraints = ON");
            for (String each : statements) {
                statement.execute(each);
            }
        }
        defend(file, triggers, tables);
    }

    /** Restores the triggers and table definitions of the file. */
    private static void defend(Path file, List<String> triggers, Map<String, String> tables) throws SQLException {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            for (int i = 1; i < triggers.size(); i += 2) {
                statement.execute(triggers.get(i));
            }
            statement.execute("PRAGMA writable_schema = ON");
            try (var update = connection.prepareStatement("UPDATE sqlite_schema SET sql = ? WHERE name = ?")) {
                for (Map.Entry<String, String> table : tables.entrySet()) {
                    update.setString(1, table.getValue());
                    update.setString(2, table.getKey());
                    update.executeUpdate();
                }
            }
        }
    }

    /**
     * Uses the file in every way, in this process and at the command line.
     *
     * @return the codes of all errors; {@code open} is among them if the file could be opened
     */
    static Set<String> use(Path file, String what) {
        Set<String> codes = new TreeSet<>();
        try (Store store = Store.open(file)) {
            codes.add("open");
            Agent agent = store.agent("victim");
            VERBS.forEach((name, verb) -> attempt(codes, what + ", " + name, () -> verb.use(store, agent)));
        } catch (FencepostException e) {
            codes.add(e.code());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
        for (String line : List.of("list", "history a", "claims", "check")) {
            Cli.Result result = Cli.on(file).run(line.split(" ", -1));
            assertThat(result.code()).as("%s, %s: %s", what, line, result.err()).isIn(0, 1, 3, 7);
            assertThat(result.err()).as("%s, %s", what, line).doesNotContain("\tat ");
        }
        return codes;
    }

    private static void attempt(Set<String> codes, String what, Runnable verb) {
        try {
            verb.run();
        } catch (FencepostException e) {
            codes.add(e.code());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(what, e);
        }
    }

    /** Asserts that no code of the attacker was run. */
    static void assertNothingRan(Path file) throws SQLException {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement();
                ResultSet seen = statement.executeQuery("SELECT count(*) FROM witness")) {
            assertThat(seen.getLong(1)).isZero();
        }
    }
}
