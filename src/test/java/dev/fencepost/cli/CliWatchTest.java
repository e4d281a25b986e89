package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Live changes in commit order. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class CliWatchTest extends CliTest {
    @BeforeEach
    void put() {
        cli.run("put", "a/1", "one").exits(0);
    }

    @Test
    void change_isPrintedAtOnce() throws Exception {
        try (PipedInputStream in = new PipedInputStream();
                // Only the command's own flush reaches the reader.
                PrintStream out = new PrintStream(
                        new BufferedOutputStream(new PipedOutputStream(in)), false, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            CompletableFuture<Integer> code =
                    CompletableFuture.supplyAsync(() -> watch(out, "watch", "a/", "--limit", "3"));
            assertThat(lines.readLine()).matches("SEQUENCE +COMMITTED +WRITER +KEY +VERSION +VALUE");
            cli.run("put", "b", "not watched").exits(0);
            cli.run("put", "a/1", "two").exits(0);
            assertThat(lines.readLine()).matches("3 +\\S+ +planner +a/1 +2 +two");
            cli.run("delete", "a/1").exits(0);
            assertThat(lines.readLine()).matches("4 +\\S+ +planner +a/1 +3 +\\(deleted\\)");
            assertThat(code).isNotDone();
            cli.run("put", "a/2", "x").exits(0);
            assertThat(lines.readLine()).matches("5 +\\S+ +planner +a/2 +1 +x");
            assertThat(code.get()).isEqualTo(Exit.DONE);
        }
    }

    private int watch(PrintStream out, String... args) {
        Shell shell = new Shell(
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Map.of("FENCEPOST_STORE", file.toString()),
                false);
        return Main.run(List.of(args), shell);
    }

    @Test
    void closedOutput_endsTheWatch() throws IOException {
        PipedInputStream in = new PipedInputStream();
        try (PrintStream out = new PrintStream(new PipedOutputStream(in), false, StandardCharsets.UTF_8)) {
            in.close();
            assertThat(watch(out, "watch", "--after", "0")).isEqualTo(Exit.UNEXPECTED);
        }
    }

    @Test
    void sequenceBeyondTheEnd_isRefused() {
        cli.run("put", "a", "1").exits(Exit.DONE);
        assertThat(cli.run("--json", "watch", "--after", "500", "--for", "0s")
                        .exits(Exit.USAGE)
                        .json()
                        .get("message")
                        .asText())
                .contains("after sequence 500", "newest commit is ");
    }

    @Test
    void watchAfterASequence_printsAllLaterChanges() {
        cli.run("put", "a/2", "two").exits(0);
        cli.run("put", "a/3", "three").exits(0);
        List<JsonNode> all = cli.run("--json", "watch", "--after", "0", "--for", "0s")
                .exits(0)
                .jsonLines();
        assertThat(all).extracting(node -> node.get("value").asText()).containsExactly("one", "two", "three");
        assertThat(all).extracting(node -> node.get("sequence").asLong()).containsExactly(1L, 2L, 3L);
        JsonNode second = cli.run("--json", "watch", "a/", "--after", "1", "--limit", "1")
                .exits(0)
                .json();
        assertThat(second.get("key").asText()).isEqualTo("a/2");
        assertThat(cli.run("--json", "watch", "--for", "10ms").exits(0).out()).isEmpty();
        assertThat(cli.run("--json", "watch", "--from-now", "--for", "10ms")
                        .exits(0)
                        .out())
                .isEmpty();
    }

    @Test
    void zeroDuration_printsAllExistingChanges() {
        try (Store store = Store.open(file)) {
            for (int commit = 0; commit < 3; commit++) {
                store.agent("planner").transact(tx -> {
                    IntStream.range(0, 600).forEach(i -> tx.put(Key.text("many/" + i), "x"));
                    return true;
                });
            }
        }
        assertThat(cli.run("--json", "watch", "many/", "--after", "0", "--for", "0s")
                        .exits(0)
                        .out()
                        .lines())
                .hasSize(1_800);
    }

    @Test
    void events() {
        cli.run("append", "log/1", "happened", "--id", "x").exits(0);
        cli.run("append", "other", "not watched").exits(0);
        JsonNode event = cli.run("--json", "watch", "log/", "--events", "--after", "0", "--for", "0s")
                .exits(0)
                .json();
        assertThat(event.get("stream").asText()).isEqualTo("log/1");
        assertThat(event.get("body").asText()).isEqualTo("happened");
        assertThat(event.get("event").asText()).isEqualTo("x");
        assertThat(cli.run("watch", "log/", "--events", "--after", "0", "--limit", "1")
                        .exits(0)
                        .out()
                        .lines()
                        .toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("SEQUENCE +COMMITTED +WRITER +STREAM +NUMBER +BODY"),
                        line -> assertThat(line).matches("2 +\\S+ +planner +log/1 +1 +happened"));
    }

    @Test
    void overtakenWatch_isReported_notSkipped() {
        cli.run("put", "a/1", "two").exits(0);
        cli.run("retention", "keep", "", "--versions", "1").exits(0);
        cli.run("retention", "run").exits(0);
        JsonNode error = cli.run("--json", "watch", "--after", "0", "--for", "0s")
                .exits(3)
                .json();
        assertThat(error.get("error").asText()).isEqualTo("overtaken");
        assertThat(error.get("after").asLong()).isZero();
        assertThat(error.get("prunedThrough").asLong()).isEqualTo(1);
        assertThat(cli.run("--json", "watch", "--after", "1", "--for", "0s")
                        .exits(0)
                        .json()
                        .get("value")
                        .asText())
                .isEqualTo("two");
    }

    @Test
    void invalidOptions_areRefused() {
        cli.run("watch", "--after", "1", "--from-now").exits(2);
        cli.run("watch", "--after", "-1").exits(2);
        cli.run("watch", "--limit", "0").exits(2);
        cli.run("watch", "--for", "PT-1S").exits(2);
        Cli.on(folder.resolve("none.db")).run("watch").exits(3);
    }
}
