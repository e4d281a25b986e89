package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.event.SubscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Dead letters of cursors: an operator lists and discards them. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CliDeadLettersTest extends CliTest {
    private static final EventStream<String> STREAM = EventStream.text("log");
    private static final SubscriptionOptions ONE =
            SubscriptionOptions.standard().withMaxAttempts(1);

    private Store store;
    private Agent agent;

    @BeforeEach
    void open() {
        store = Store.open(file);
        agent = store.agent("reader");
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Parks all changes of a source as dead letters. */
    private <E> void park(Cursor<E> cursor, int count) {
        try (Subscription running = agent.feed()
                .subscribe(
                        cursor,
                        change -> {
                            throw new IllegalStateException("no\ntape");
                        },
                        ONE)) {
            while (agent.feed().cursor(cursor.name()).isEmpty()
                    || agent.feed().deadLetters(cursor.name(), 0, 10).size() < count) {
                assertThat(running.isRunning()).isTrue();
                Thread.onSpinWait();
            }
        }
    }

    private void parkThreeEvents() {
        for (int i = 1; i <= 3; i++) {
            agent.append(STREAM, new NewEvent<>("e" + i, "line " + i + "\n"));
        }
        Cursor<Event<String>> cursor = Cursor.of("indexer", ChangeSource.stream(STREAM));
        park(cursor, 3);
    }

    private List<JsonNode> letters(String... options) {
        List<String> args = new ArrayList<>(List.of("--json", "cursors", "dead-letters", "indexer"));
        args.addAll(List.of(options));
        return cli.run(args.toArray(String[]::new)).exits(0).jsonLines();
    }

    @Test
    void deadLetters_ofAStream_areListedInOrder() {
        parkThreeEvents();
        List<JsonNode> letters = letters();
        assertThat(letters).extracting(letter -> letter.get("number").asLong()).containsExactly(1L, 2L, 3L);
        assertThat(letters).extracting(letter -> letter.get("id").asLong()).isSorted();
        JsonNode first = letters.get(0);
        assertThat(first.get("cursor").asText()).isEqualTo("indexer");
        assertThat(first.get("name").asText()).isEqualTo("log");
        assertThat(first.get("event").asText()).isEqualTo("e1");
        assertThat(first.get("text").asText()).isEqualTo("line 1\n");
        assertThat(first.get("sequence").asLong()).isPositive();
        assertThat(first.get("attempts").asInt()).isEqualTo(1);
        assertThat(first.get("reason").asText()).contains("no\ntape");
        assertThat(first.get("parkedAt").asText()).endsWith("Z");
        List<String> lines = cli.run("cursors", "dead-letters", "indexer")
                .exits(0)
                .out()
                .lines()
                .toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("ID +NAME +NUMBER +SEQUENCE +ATTEMPTS +PARKED +REASON +TEXT");
        assertThat(lines.get(1)).contains("no\\ntape", "line 1\\n");
    }

    @Test
    void deadLetters_ofADeletion_haveNoText() {
        agent.put(Key.text("a"), "one").orThrow();
        agent.delete(Key.text("a")).orThrow();
        park(Cursor.of("indexer", ChangeSource.values(Prefix.text(""))), 2);
        assertThat(letters()).extracting(letter -> letter.has("text")).containsExactly(true, false);
        assertThat(cli.run("cursors", "dead-letters", "indexer").exits(0).out()).contains("(deleted)");
    }

    @Test
    void deadLetters_pageByPage_goOnAfterAnId() {
        parkThreeEvents();
        Cli.Result page = cli.run("cursors", "dead-letters", "indexer", "--limit", "2", "--json")
                .exits(0);
        long second = page.jsonLines().get(1).get("id").asLong();
        assertThat(page.err()).isEqualTo("There are more. Continue with --after " + second + "\n");
        assertThat(letters("--after", Long.toString(second)))
                .extracting(letter -> letter.get("event").asText())
                .containsExactly("e3");
        long third = letters().get(2).get("id").asLong();
        Cli.Result none = cli.run("cursors", "dead-letters", "indexer", "--after", Long.toString(third))
                .exits(0);
        assertThat(none.out() + none.err()).isEmpty();
        for (String limit : List.of("0", "10001")) {
            cli.run("cursors", "dead-letters", "indexer", "--limit", limit).exits(2);
        }
        cli.run("cursors", "dead-letters", "indexer", "--after", "-1").exits(2);
    }

    @Test
    void discard_removesOneDeadLetter() {
        parkThreeEvents();
        String second = letters().get(1).get("id").asText();
        cli.run("cursors", "drop", "indexer").exits(2);
        JsonNode discarded = cli.run("--json", "cursors", "discard", "indexer", second)
                .exits(0)
                .json();
        assertThat(discarded.get("event").asText()).isEqualTo("e2");
        assertThat(letters()).extracting(letter -> letter.get("event").asText()).containsExactly("e1", "e3");
        JsonNode again = cli.run("--json", "cursors", "discard", "indexer", second)
                .exits(3)
                .json();
        assertThat(again.get("error").asText()).isEqualTo("not-found");
        assertThat(again.get("id").asText()).isEqualTo(second);
        for (JsonNode letter : letters()) {
            assertThat(cli.run("cursors", "discard", "indexer", letter.get("id").asText())
                            .exits(0)
                            .out())
                    .startsWith("Dead letter " + letter.get("id").asText() + " of 'indexer' was discarded: line ");
        }
        assertThat(cli.run("cursors", "dead-letters", "indexer").exits(0).err()).isEqualTo("No dead letters.\n");
        cli.run("cursors", "drop", "indexer").exits(0);
    }

    @Test
    void unknownCursorOrId_isNotFound() {
        parkThreeEvents();
        for (String id : List.of("0", "-1", "-9223372036854775808", "9223372036854775807")) {
            cli.run("cursors", "discard", "indexer", "--", id).exits(3);
        }
        cli.run("cursors", "discard", "indexer", "x").exits(2);
        cli.run("cursors", "discard", "indexer").exits(2);
        cli.run("cursors", "dead-letters").exits(2);
        assertThat(cli.run("--json", "cursors", "dead-letters", "none")
                        .exits(3)
                        .json()
                        .get("cursor")
                        .asText())
                .isEqualTo("none");
        cli.run("cursors", "discard", "none", "1").exits(3);
        assertThat(letters()).hasSize(3);
    }
}
