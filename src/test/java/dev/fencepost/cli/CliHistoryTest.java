package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Versions of a key: the list, a single version, a comparison of two, and their provenance. */
class CliHistoryTest extends CliTest {
    private void put(String key, String... values) {
        for (String value : values) {
            cli.run("put", key, "--", value).exits(0);
        }
    }

    private void keepNewest(int versions) {
        cli.run("retention", "keep", "", "--versions", Integer.toString(versions))
                .exits(0);
        cli.run("retention", "run").exits(0);
    }

    @Test
    void history_namesPrunedVersions() {
        put("a", "one", "two", "three");
        assertThat(cli.run("history", "a").exits(0).err()).isEmpty();
        keepNewest(2);
        assertThat(cli.run("history", "a").exits(0).err()).isEqualTo("Version 1 was pruned.\n");
        keepNewest(1);
        Cli.Result newest = cli.run("history", "a").exits(0);
        assertThat(newest.out().lines()).hasSize(2);
        assertThat(newest.err()).isEqualTo("Versions 1 to 2 were pruned.\n");
        assertThat(cli.run("blame", "a").exits(0).err()).contains("Versions 1 to 2 were pruned.");
        assertThat(cli.run("--json", "history", "a")
                        .exits(0)
                        .json()
                        .get("version")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void prunedVersions_areInJson_asInText() {
        put("a", "one", "two", "three", "four");
        prunedThrough(0, "history", "a");
        prunedThrough(0, "blame", "a");
        keepNewest(3);
        prunedThrough(1, "history", "a");
        keepNewest(2);
        prunedThrough(2, "history", "a");
        prunedThrough(2, "history", "a", "--limit", "1");
        prunedThrough(2, "history", "a", "--after", "4");
        prunedThrough(2, "blame", "a");
        prunedThrough(2, "blame", "a", "--limit", "1");
    }

    private void prunedThrough(long version, String... command) {
        String text = cli.run(command).exits(0).err();
        assertThat(text.contains("pruned.\n")).isEqualTo(version > 0);
        List<String> asJson = new ArrayList<>(List.of(command));
        asJson.add("--json");
        assertThat(cli.run(asJson.toArray(String[]::new)).exits(0).jsonLines())
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.get("prunedThrough").asLong(-1)).isEqualTo(version));
    }

    @Test
    void oneVersion() {
        put("a", "one", "two");
        cli.run("delete", "a").exits(0);
        assertThat(cli.run("history", "a", "--version", "1").exits(0).out()).isEqualTo("one");
        JsonNode second =
                cli.run("--json", "history", "a", "--version", "2").exits(0).json();
        assertThat(second.get("value").asText()).isEqualTo("two");
        assertThat(second.get("version").asLong()).isEqualTo(2);
        JsonNode deleted =
                cli.run("--json", "history", "a", "--version", "3").exits(3).json();
        assertThat(deleted.get("error").asText()).isEqualTo("not-found");
        assertThat(deleted.get("deleted").asBoolean()).isTrue();
        JsonNode future =
                cli.run("--json", "history", "a", "--version", "4").exits(3).json();
        assertThat(future.get("error").asText()).isEqualTo("not-found");
        assertThat(future.get("newest").asLong()).isEqualTo(3);
        assertThat(cli.run("history", "b", "--version", "1").exits(3).err()).contains("never existed");
        keepNewest(1);
        JsonNode evicted =
                cli.run("--json", "history", "a", "--version", "2").exits(3).json();
        assertThat(evicted.get("error").asText()).isEqualTo("pruned");
        assertThat(evicted.get("oldestVersion").asLong()).isEqualTo(3);
        cli.run("history", "a", "--version", "0").exits(2);
        cli.run("history", "a", "--version", "1", "--limit", "1").exits(2);
    }

    @Test
    void compare_printsAUnifiedDiff() {
        put("a", "one\ntwo\nthree", "one\n2\nthree");
        assertThat(cli.run("history", "a", "--compare", "1..2").exits(0).out()).isEqualTo("""
                        --- a version 1
                        +++ a version 2
                        @@ -1,3 +1,3 @@
                         one
                        -two
                        +2
                         three
                        """);
        cli.run("history", "a", "--compare", "1..3").exits(3);
        cli.run("history", "a", "--compare", "1").exits(2);
    }

    @Test
    void compare_formatsJsonFirst() {
        put("a", "{\"step\":1,\"by\":[\"x\"]}", "{\"step\":2,\"by\":[\"x\"]}", "{\"step\": 2, \"by\": [\"x\"]}");
        assertThat(cli.run("history", "a", "--compare", "1..2").exits(0).out())
                .contains("-  \"step\" : 1,\n+  \"step\" : 2,\n")
                .contains("     \"x\"\n");
        // Both differ only in layout, so the diff shows the layout.
        assertThat(cli.run("history", "a", "--compare", "2..3").exits(0).out())
                .contains("-{\"step\":2,\"by\":[\"x\"]}\n+{\"step\": 2, \"by\": [\"x\"]}\n");
    }

    @Test
    void compare_ofLargeTexts_printsOnlyChangedLines() {
        String from =
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
        String to = from.replace("line 7\n", "").replace("line 19990\n", "another\n");
        cli.in(from.getBytes(StandardCharsets.UTF_8)).run("put", "a", "-").exits(0);
        cli.in(to.getBytes(StandardCharsets.UTF_8)).run("put", "a", "-").exits(0);
        assertThat(cli.run("history", "a", "--compare", "1..2")
                        .exits(0)
                        .out()
                        .lines()
                        .filter(line -> line.matches("[-+][^-+].*")))
                .containsExactlyInAnyOrder("-line 7", "-line 19990", "+another");
    }

    @Test
    void compare_ofAmbiguousJson_showsTheDifference() {
        put("a", "{\"n\":1,\"n\":2}", "{\"n\":2}", "{\"n\":2} trailing", "[1.10]", "[1.1]");
        for (String range : List.of("1..2", "2..3", "4..5")) {
            assertThat(cli.run("history", "a", "--compare", range).exits(0).out())
                    .contains("\n-")
                    .contains("\n+");
        }
    }

    @Test
    void compare_ofEqualAndDeletedVersions() {
        put("a", "one", "two", "one");
        cli.run("delete", "a").exits(0);
        Cli.Result same = cli.run("history", "a", "--compare", "1..3").exits(0);
        assertThat(same.out()).isEmpty();
        assertThat(same.err()).contains("the same value");
        JsonNode json =
                cli.run("--json", "history", "a", "--compare", "1..3").exits(0).json();
        assertThat(json.get("same").asBoolean()).isTrue();
        assertThat(json.get("diff")).isEmpty();
        assertThat(json.get("to").get("version").asLong()).isEqualTo(3);
        JsonNode deleted =
                cli.run("--json", "history", "a", "--compare", "3..4").exits(0).json();
        assertThat(deleted.get("same").asBoolean()).isFalse();
        assertThat(deleted.get("to").get("deleted").asBoolean()).isTrue();
        assertThat(deleted.get("diff")).extracting(JsonNode::asText).contains("-one", "+++ a version 4 (deleted)");
    }

    @Test
    void blame_showsTheDependenciesOfEachVersion() {
        put("a", "one");
        assertThat(cli.run("blame", "a").exits(0).err()).contains("--provenance");
        cli.run("put", "a", "two", "--if-version", "1", "--provenance").exits(0);
        cli.with("FENCEPOST_PROVENANCE", "true");
        cli.run("put", "a", "three", "--if-value", "two").exits(0);
        cli.run("put", "a", "four").exits(0);
        List<JsonNode> versions = cli.run("--json", "blame", "a").exits(0).jsonLines();
        assertThat(versions).extracting(node -> node.get("version").asLong()).containsExactly(4L, 3L, 2L, 1L);
        assertThat(versions).extracting(node -> node.get("dependencies").size()).containsExactly(0, 1, 1, 0);
        JsonNode dependency = versions.get(1).get("dependencies").get(0);
        assertThat(dependency.get("kind").asText()).isEqualTo("key");
        assertThat(dependency.get("name").asText()).isEqualTo("a");
        assertThat(dependency.get("value").asText()).isEqualTo("two");
        assertThat(dependency.get("version").asLong()).isEqualTo(2);
        assertThat(dependency.get("kept").asBoolean()).isTrue();
        Cli.Result table = cli.run("blame", "a", "--limit", "2").exits(0);
        assertThat(table.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("VERSION +SEQUENCE +WRITER +COMMITTED +READ +AS OF +VALUE *"),
                        line -> assertThat(line).matches("4 +4 +planner +\\S+ +- +- *"),
                        line -> assertThat(line).matches("3 +3 +planner +\\S+ +key a +2 +two *"));
        assertThat(table.err()).isEqualTo("There are more. Continue with --after 3\n");
        cli.run("blame", "b").exits(3);
        cli.run("blame", "a", "--limit", "0").exits(2);
    }

    @Test
    void blame_ofAbsentAndPrunedDependencies_saysSo() {
        cli.with("FENCEPOST_PROVENANCE", "1");
        cli.run("put", "a", "one", "--if-absent").exits(0);
        assertThat(cli.run("blame", "a").exits(0).out()).contains("(absent)");
        put("a", "two");
        cli.run("put", "a", "three", "--if-version", "2").exits(0);
        keepNewest(1);
        assertThat(cli.run("blame", "a").exits(0).out()).contains("(pruned)");
        JsonNode dependency = cli.run("--json", "blame", "a")
                .exits(0)
                .json()
                .get("dependencies")
                .get(0);
        assertThat(dependency.get("kept").asBoolean()).isFalse();
        assertThat(dependency.has("value")).isFalse();
    }

    @Test
    void conflicts_showTheRefusedAgents() {
        assertThat(cli.run("put", "a", "one").exits(0).err()).isEmpty();
        cli.run("put", "a", "two", "--if-absent").exits(4);
        assertThat(cli.run("conflicts").exits(0).err()).contains("--provenance");
        cli.run("--provenance", "--agent", "bob", "put", "a", "two", "--if-absent")
                .exits(4);
        cli.run("--provenance", "--agent", "eve", "put", "a", "two", "--if-version", "9")
                .exits(4);
        List<JsonNode> refusals = cli.run("--json", "conflicts").exits(0).jsonLines();
        assertThat(refusals).extracting(node -> node.get("agent").asText()).containsExactly("eve", "bob");
        JsonNode first = refusals.get(1);
        assertThat(first.get("kind").asText()).isEqualTo("conflict");
        assertThat(first.get("name").asText()).isEqualTo("a");
        assertThat(first.get("by").asText()).isEqualTo("planner");
        assertThat(first.get("bySequence").asLong()).isEqualTo(1);
        assertThat(cli.run("conflicts", "--limit", "1").exits(0).out().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("eve");
        cli.run("conflicts", "--limit", "0").exits(2);
    }

    @Test
    void provenance_isTrueOrFalse() {
        put("a", "one");
        JsonNode error = cli.with("FENCEPOST_PROVENANCE", "maybe")
                .run("--json", "get", "a")
                .exits(2)
                .json();
        assertThat(error.get("message").asText()).contains("FENCEPOST_PROVENANCE", "maybe");
    }

    @Test
    void provenance_isPassedToTheCommandOfAClaim() {
        cli.run("--provenance", "claim", "a", "--", "sh", "-c", "test \"$FENCEPOST_PROVENANCE\" = true")
                .exits(0);
        cli.run("claim", "a", "--", "sh", "-c", "test \"$FENCEPOST_PROVENANCE\" = false")
                .exits(0);
    }
}
