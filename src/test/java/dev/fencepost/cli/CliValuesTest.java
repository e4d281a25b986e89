package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliValuesTest extends CliTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @Override
    protected String fileName() {
        return "a b.db";
    }

    @Test
    void put_andGet() {
        assertThat(cli.run("put", "a", "one").exits(0).out()).isEqualTo("'a' is at version 1\n");
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo("one");
    }

    @Test
    void put_json() {
        JsonNode put = cli.run("--json", "put", "a", "one").exits(0).json();
        assertThat(put.get("key").asText()).isEqualTo("a");
        assertThat(put.get("version").asLong()).isEqualTo(1);
        assertThat(put.get("sequence").asLong()).isEqualTo(1);
        assertThat(put.get("writer").asText()).isEqualTo("planner");
        assertThat(put.get("committedAt").asText()).matches(TIME);
    }

    @Test
    void get_json() {
        cli.run("put", "a", "one").exits(0);
        JsonNode get = cli.run("get", "a", "--json").exits(0).json();
        assertThat(get.get("key").asText()).isEqualTo("a");
        assertThat(get.get("value").asText()).isEqualTo("one");
        assertThat(get.get("version").asLong()).isEqualTo(1);
        assertThat(get.get("sequence").asLong()).isEqualTo(1);
        assertThat(get.get("writer").asText()).isEqualTo("planner");
        assertThat(get.get("committedAt").asText()).matches(TIME);
    }

    @Test
    void get_atATerminal_endsTheLine() {
        cli.run("put", "a", "one").exits(0);
        cli.run("put", "b", "two\n").exits(0);
        cli.atTerminal();
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo("one\n");
        assertThat(cli.run("get", "b").exits(0).out()).isEqualTo("two\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "two\nlines\n", "é 漢 😀", "\r\n\t\u001b", "  spaces  "})
    void putFromStandardInput_keepsEveryByte(String value) {
        cli.in(value.getBytes(StandardCharsets.UTF_8)).run("put", "a", "-").exits(0);
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo(value);
        assertThat(cli.run("--json", "get", "a").json().get("value").asText()).isEqualTo(value);
    }

    @Test
    void put_valuesResemblingOptions_areStoredLiterally() {
        for (String value : List.of("@file", "${a}", "-5", "@|bold x|@", "\"quoted\"", "--", "--json")) {
            cli.run("put", "a", "--", value).exits(0);
            assertThat(cli.run("get", "a").exits(0).out()).isEqualTo(value);
        }
    }

    @Test
    void put_withMetPreconditions_succeeds() {
        cli.run("put", "a", "one", "--if-absent").exits(0);
        cli.run("put", "a", "two", "--if-version", "1").exits(0);
        cli.run("put", "a", "three", "--if-value", "two").exits(0);
        cli.run("put", "b", "one", "--if-version", "0").exits(0);
        assertThat(cli.run("get", "a").out()).isEqualTo("three");
    }

    @Test
    void delete_andHistory() {
        cli.run("put", "a", "one").exits(0);
        JsonNode deleted = cli.run("--json", "delete", "a").exits(0).json();
        assertThat(deleted.get("version").asLong()).isEqualTo(2);
        assertThat(deleted.get("deleted").asBoolean()).isTrue();
        List<JsonNode> history = cli.run("--json", "history", "a").exits(0).jsonLines();
        assertThat(history).hasSize(2);
        assertThat(history.get(0).get("deleted").asBoolean()).isTrue();
        assertThat(history.get(0).has("value")).isFalse();
        assertThat(history.get(0).get("version").asLong()).isEqualTo(2);
        assertThat(history.get(1).get("deleted").asBoolean()).isFalse();
        assertThat(history.get(1).get("value").asText()).isEqualTo("one");
        assertThat(history.get(1).get("writer").asText()).isEqualTo("planner");
        assertThat(cli.run("--json", "history", "a", "--limit", "1").jsonLines())
                .hasSize(1);
    }

    @Test
    void delete_preconditions() {
        cli.run("put", "a", "one").exits(0);
        cli.run("delete", "a", "--if-version", "2").exits(Exit.CONFLICT);
        cli.run("delete", "a", "--if-value", "two").exits(Exit.CONFLICT);
        cli.run("delete", "a", "--if-absent").exits(Exit.USAGE);
        cli.run("delete", "a", "--if-version", "1").exits(0);
    }

    @Test
    void history_table() {
        cli.run("put", "a", "one").exits(0);
        cli.run("delete", "a").exits(0);
        assertThat(cli.run("history", "a").exits(0).out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("VERSION +SEQUENCE +WRITER +COMMITTED +VALUE"),
                        line -> assertThat(line).matches("2 +2 +planner +" + TIME + " +\\(deleted\\)"),
                        line -> assertThat(line).matches("1 +1 +planner +" + TIME + " +one"));
    }

    @Test
    void list_jsonAndPrefix() {
        cli.run("put", "a/1", "one").exits(0);
        cli.run("put", "a/2", "two").exits(0);
        cli.run("put", "b", "three").exits(0);
        List<JsonNode> found = cli.run("--json", "list", "a/").exits(0).jsonLines();
        assertThat(found).extracting(node -> node.get("key").asText()).containsExactly("a/1", "a/2");
        assertThat(found).extracting(node -> node.get("value").asText()).containsExactly("one", "two");
        assertThat(cli.run("--json", "list").exits(0).jsonLines()).hasSize(3);
        assertThat(cli.run("list", "c").exits(0).out()).isEmpty();
    }

    @Test
    void list_table_isAlignedAndOnOneLineEach() {
        cli.run("put", "a", "two\nlines, \u001b[31m and @|red no markup|@").exits(0);
        cli.run("--agent", "someone with a long name", "put", "a/much/longer/key", "x".repeat(100))
                .exits(0);
        List<String> lines = cli.run("list").exits(0).out().lines().toList();
        assertThat(lines).hasSize(3);
        int column = lines.get(0).indexOf("VALUE");
        assertThat(lines.get(1).substring(column)).isEqualTo("two\\nlines, \\u001b[31m and @|red no markup|@");
        assertThat(lines.get(2).substring(column)).isEqualTo("x".repeat(59) + "…");
    }

    @Test
    void options_overrideTheEnvironment() {
        cli.run("--store", folder.resolve("other.db").toString(), "--agent", "bob", "put", "a", "one")
                .exits(0);
        assertThat(file).doesNotExist();
        JsonNode get =
                Cli.on(folder.resolve("other.db")).run("--json", "get", "a").json();
        assertThat(get.get("writer").asText()).isEqualTo("bob");
    }

    @Test
    void check_counts() {
        cli.run("put", "a", "one").exits(0);
        cli.run("put", "a", "two").exits(0);
        assertThat(cli.run("check").exits(0).out())
                .contains("1 keys, 2 versions, 2 commits")
                .contains("no findings");
        JsonNode check = cli.run("--json", "check").exits(0).json();
        assertThat(check.get("healthy").asBoolean()).isTrue();
        assertThat(check.get("versions").asLong()).isEqualTo(2);
        assertThat(check.get("findings")).isEmpty();
    }

    @Test
    void help_namesEveryCommandAndExitCode() {
        String help = cli.run("--help").exits(0).out();
        for (String command : List.of(
                "get",
                "put",
                "list",
                "delete",
                "history",
                "blame",
                "conflicts",
                "append",
                "events",
                "watch",
                "cursors",
                "claim",
                "claims",
                "renew",
                "release",
                "revoke",
                "sagas",
                "saga",
                "retention",
                "check",
                "demo")) {
            assertThat(help).containsPattern("(?m)^  " + command + " ");
            assertThat(cli.run(command, "--help").exits(0).out()).contains("fencepost " + command);
        }
        for (int code = Exit.DONE; code <= Exit.REFUSED; code++) {
            assertThat(help).containsPattern("(?m)^ +" + code + " ");
        }
        assertThat(help).doesNotContain("demo-worker").doesNotContain("\u001b");
        assertThat(cli.run("--version").exits(0).out()).startsWith("fencepost ");
    }
}
