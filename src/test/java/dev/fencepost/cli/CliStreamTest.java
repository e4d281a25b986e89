package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Event streams: idempotent appends, their order, and the expected end of the stream. */
class CliStreamTest extends CliTest {
    @Test
    void append_once() {
        assertThat(cli.run("append", "log", "one", "--id", "x").exits(0).out()).isEqualTo("'x' is event 1 of 'log'\n");
        assertThat(cli.run("append", "log", "one", "--id", "x").exits(0).out())
                .isEqualTo("'x' is a duplicate: it is event 1 of 'log'\n");
        JsonNode again =
                cli.run("--json", "append", "log", "one", "--id", "x").exits(0).json();
        assertThat(again.get("duplicate").asBoolean()).isTrue();
        assertThat(again.get("body").asText()).isEqualTo("one");
        JsonNode other = cli.run("--json", "append", "log", "other", "--id", "x")
                .exits(4)
                .json();
        assertThat(other.get("error").asText()).isEqualTo("conflict");
        assertThat(other.get("retryable").asBoolean()).isFalse();
        assertThat(other.get("reusedId").asText()).isEqualTo("x");
        assertThat(other.get("number").asLong()).isEqualTo(1);
        JsonNode next = cli.run("--json", "append", "log", "two").exits(0).json();
        assertThat(next.get("duplicate").asBoolean()).isFalse();
        assertThat(next.get("stream").asText()).isEqualTo("log");
        assertThat(next.get("number").asLong()).isEqualTo(2);
        assertThat(next.get("sequence").asLong()).isEqualTo(2);
        assertThat(next.get("writer").asText()).isEqualTo("planner");
        assertThat(next.get("event").asText()).isNotEmpty();
        cli.run("append", "log", "three", "--id", "").exits(2);
        cli.run("append", "", "three").exits(2);
    }

    @Test
    void append_fromStandardInput_keepsEveryByte() {
        cli.in("two\nlines\n".getBytes(StandardCharsets.UTF_8))
                .run("append", "log", "-")
                .exits(0);
        assertThat(cli.run("--json", "events", "log")
                        .exits(0)
                        .json()
                        .get("body")
                        .asText())
                .isEqualTo("two\nlines\n");
        assertThat(cli.run("events", "log").exits(0).out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("NUMBER +SEQUENCE +WRITER +COMMITTED +EVENT +BODY"),
                        line -> assertThat(line).matches("1 +1 +planner +\\S+ +\\S+ +two\\\\nlines\\\\n"));
    }

    @Test
    void append_withAnExpectedEnd_isCheckedAgainstTheStream() {
        cli.run("append", "log", "one", "--after", "0").exits(0);
        cli.run("append", "log", "two", "--after", "1").exits(0);
        JsonNode conflict =
                cli.run("--json", "append", "log", "x", "--after", "1").exits(4).json();
        assertThat(conflict.get("error").asText()).isEqualTo("conflict");
        assertThat(conflict.get("retryable").asBoolean()).isTrue();
        assertThat(conflict.get("stream").asText()).isEqualTo("log");
        assertThat(conflict.get("expected").asLong()).isEqualTo(1);
        assertThat(conflict.get("number").asLong()).isEqualTo(2);
        assertThat(cli.run("--json", "events", "log").exits(0).jsonLines()).hasSize(2);
    }

    @Test
    void append_underAClaim() {
        String token = cli.run("claim", "a", "--lease", "5m").exits(0).out().strip();
        cli.run("append", "log", "one", "--claim", token).exits(0);
        cli.run("revoke", "a").exits(0);
        cli.run("append", "log", "two", "--claim", token).exits(6);
        assertThat(cli.run("--json", "events", "log").exits(0).jsonLines()).hasSize(1);
    }

    @Test
    void events_ofAnEmptyStream() {
        cli.run("events", "log").exits(3);
        cli.run("put", "a", "one").exits(0);
        Cli.Result none = cli.run("events", "log").exits(0);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("No events.\n");
        cli.run("events", "log", "--limit", "0").exits(2);
        cli.run("events", "log", "--after", "-1").exits(2);
    }
}
