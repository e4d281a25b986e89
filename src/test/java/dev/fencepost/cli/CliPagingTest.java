package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Page;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of every list of the command line: the limit, the hint that there is more, and the continuation. */
class CliPagingTest extends CliTest {
    private static final Pattern HINT = Pattern.compile("There are more. Continue with --after '?([^'\n]*)'?\n");

    private Store store;
    private Agent agent;

    @BeforeEach
    void open() {
        store = Store.open(StoreConfig.of(file).withProvenance(true));
        agent = store.agent("planner");
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Follows the hints from page to page as JSON, and checks that each page is also printed as text. */
    private List<String> paged(String field, int limit, String... command) {
        List<String> all = new ArrayList<>();
        List<String> after = List.of();
        while (true) {
            List<String> page = new ArrayList<>(List.of(command));
            page.addAll(List.of("--limit", Integer.toString(limit)));
            page.addAll(after);
            Cli.Result text = cli.run(page.toArray(String[]::new)).exits(0);
            page.add("--json");
            Cli.Result json = cli.run(page.toArray(String[]::new)).exits(0);
            assertThat(json.jsonLines()).hasSizeLessThanOrEqualTo(limit);
            json.jsonLines().forEach(line -> all.add(line.get(field).asText()));
            assertThat(text.out().lines())
                    .hasSize(json.jsonLines().isEmpty() ? 0 : json.jsonLines().size() + 1);
            Matcher hint = HINT.matcher(json.err());
            boolean more = hint.matches();
            assertThat(text.err()).matches(err -> HINT.matcher(err).find() == more, "says the same");
            if (!more) {
                assertThat(json.err()).isEmpty();
                return all;
            }
            assertThat(json.jsonLines()).hasSize(limit);
            after = List.of("--after", hint.group(1));
        }
    }

    private void pagesOf(String field, List<String> expected, String... command) {
        for (int limit = 1; limit <= expected.size() + 1; limit++) {
            assertThat(paged(field, limit, command)).isEqualTo(expected);
        }
    }

    @Test
    void keysAndClaims_goOnAfterAKey() {
        List<Claim> claims = new ArrayList<>();
        for (String key : List.of("a", "b 2", "c/\u00e9")) {
            agent.put(Key.text(key), "x").orThrow();
            claims.add(
                    agent.claim(Key.text(key), Lease.of(Duration.ofMinutes(5))).orThrow());
        }
        pagesOf("key", List.of("a", "b 2", "c/\u00e9"), "list");
        pagesOf("key", List.of("a", "b 2", "c/\u00e9"), "list", "--at", "6");
        pagesOf("key", List.of("b 2"), "list", "b");
        pagesOf("key", List.of("a", "b 2", "c/\u00e9"), "claims");
        pagesOf("key", List.of("a", "b 2"), "claims", "--at", "4");
        assertThat(cli.run("list", "--limit", "2").err()).contains("--after 'b 2'");
        claims.forEach(Claim::close);
    }

    @Test
    void versionsEventsAndRefusals_goOnAfterANumber() {
        EventStream<String> stream = EventStream.text("log");
        for (int i = 0; i < 3; i++) {
            agent.put(Key.text("a"), "v" + i).orThrow();
            agent.append(stream, NewEvent.of("e" + i));
            agent.tryPut(Key.text("a"), "never", Precondition.ifVersion(100));
        }
        agent.put(Key.text("b"), "x").orThrow();
        pagesOf("version", List.of("3", "2", "1"), "history", "a");
        pagesOf("version", List.of("3", "2", "1"), "blame", "a");
        pagesOf("number", List.of("1", "2", "3"), "events", "log");
        pagesOf("number", List.of("3", "2", "1"), "conflicts");
        cli.run("history", "none", "--after", "2").exits(3);
        cli.run("blame", "none", "--after", "2").exits(3);
        cli.run("history", "a", "--after", "2", "--version", "1").exits(2);
        assertThat(cli.run("history", "a", "--after", "1").exits(0).out()).isEmpty();
    }

    @Test
    void cursorsAndSagas_goOnAfterAName() {
        agent.put(Key.text("a"), "x").orThrow();
        for (String name : List.of("one", "three", "two")) {
            agent.feed()
                    .claimBatch(Cursor.of(name, ChangeSource.values(Prefix.text(""))), Duration.ZERO)
                    .orElseThrow()
                    .acknowledge();
            agent.sagas()
                    .run(
                            SagaDefinition.of("order", 1, Codec.text()).step(ExternalStep.of("s", context -> "done")),
                            "saga-" + name,
                            "the input");
        }
        pagesOf("cursor", List.of("one", "three", "two"), "cursors");
        pagesOf("saga", List.of("saga-one", "saga-three", "saga-two"), "sagas", "--all");
        pagesOf("saga", List.of("saga-one", "saga-three", "saga-two"), "sagas", "--all", "--at", "0s");
        assertThat(cli.run("sagas").exits(0).out()).isEmpty();
        cli.run("sagas", "--all", "--after", "none").exits(2);
        assertThat(cli.run("sagas", "--all", "--json").out()).doesNotContain("the input");
        JsonNode first =
                cli.run("saga", "saga-one", "--limit", "2", "--json").exits(0).json();
        assertThat(first.get("input").asText()).isEqualTo("the input");
        assertThat(first.get("journal")).hasSize(2);
        Cli.Result rest = cli.run("saga", "saga-one", "--after", "2", "--json").exits(0);
        assertThat(rest.json().get("journal").get(0).get("entry").asInt()).isEqualTo(3);
        assertThat(rest.err()).isEmpty();
        assertThat(cli.run("saga", "saga-one", "--limit", "2").err()).contains("--after 2");
    }

    @Test
    void listWithoutALimit_hasOne() {
        WriteBatch writes = WriteBatch.of();
        for (int i = 0; i < 1_001; i++) {
            writes = writes.put(Key.text("%04d".formatted(i)), "x");
        }
        agent.commit(writes).orThrow();
        Cli.Result listed = cli.run("list").exits(0);
        assertThat(listed.out().lines()).hasSize(1_001);
        assertThat(listed.err()).isEqualTo("There are more. Continue with --after 0999\n");
        cli.run("list", "--limit", "0").exits(2);
        cli.run("list", "--limit", "10001").exits(2);
        assertThat(cli.run("list", "--limit", "10000").exits(0).err()).isEmpty();
    }

    @Test
    void everyList_refusesALimitOutOfBounds() {
        agent.put(Key.text("a"), "x").orThrow();
        agent.append(EventStream.text("log"), NewEvent.of("e"));
        for (String list : List.of(
                "list", "claims", "sagas", "saga none", "cursors", "history a", "events log", "blame a", "conflicts")) {
            for (String limit : List.of("0", "-1", "10001", "x")) {
                cli.run((list + " --limit " + limit).split(" ", -1)).exits(2);
            }
        }
        for (String list : List.of("saga none", "history a", "events log", "blame a", "conflicts")) {
            cli.run((list + " --after -1").split(" ", -1)).exits(2);
        }
    }

    @Test
    void longValues_endAPage_withAHint() {
        for (int i = 1; i <= 3; i++) {
            agent.put(Key.text("k" + i), "x".repeat((int) Page.MAX_BYTES / 2)).orThrow();
        }
        Cli.Result listed = cli.run("list", "--json").exits(0);
        assertThat(listed.jsonLines()).hasSize(2);
        assertThat(listed.err()).contains("--after k2");
    }
}
