package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.ClaimResult;
import dev.fencepost.CommitId;
import dev.fencepost.DeadlockException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.WriteLockTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refusals: each has an exit code, a JSON report and one line for people. */
class CliExitCodesTest extends CliTest {
    @Test
    void unwritableOutput_isUnexpected() {
        cli.run("put", "a", "one").exits(0);
        PrintStream full = new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                true,
                StandardCharsets.UTF_8);
        Shell shell = new Shell(
                new ByteArrayInputStream(new byte[0]),
                full,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                Map.of("FENCEPOST_STORE", file.toString()),
                false);
        assertThat(Main.run(List.of("get", "a"), shell)).isEqualTo(Exit.UNEXPECTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "put",
                "put a",
                "put a b c",
                "put a b --if-version x",
                "put a b --if-version 1 --if-absent",
                "put a b --lease 3s",
                "claim",
                "claim a --",
                "claim -- true",
                "claim a --lease 3",
                "claim a --lease 99999999999s",
                "claim a --wait soon",
                "list a b",
                "--store"
            })
    void usage(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");
        Cli.Result people = cli.run(args).exits(Exit.USAGE);
        assertThat(people.out()).isEmpty();
        assertThat(people.err()).startsWith("fencepost: ").doesNotContain("\tat ");
        assertThat(file).doesNotExist();
    }

    @Test
    void usage_json() {
        JsonNode error = cli.run("--json", "put", "a").exits(Exit.USAGE).json();
        assertThat(error.get("error").asText()).isEqualTo("usage");
        assertThat(error.get("retryable").asBoolean()).isFalse();
        assertThat(error.get("message").asText()).contains("VALUE");
    }

    @Test
    void invalidInput() {
        for (String[] args : new String[][] {
            {"put", "", "x"},
            {"put", "k".repeat(513), "x"},
            {"put", "a\nb", "x"},
            {"put", "a", "x", "--if-version", "-1"},
            {"put", "a", "x", "--claim", "no-token"},
            {"claim", "a", "--lease", "0s"},
            {"claim", "a", "--lease", "1s", "--", "true"},
            {"claim", "a", "--wait", "2h"},
            {"put", "a", "x", "--agent", " "},
        }) {
            JsonNode error = withJson(args).exits(Exit.USAGE).json();
            assertThat(error.get("error").asText()).isEqualTo("invalid-input");
            assertThat(error.get("retryable").asBoolean()).isFalse();
        }
        cli.run("renew", "no-token").exits(Exit.USAGE);
        cli.run("release", "no-token").exits(Exit.USAGE);
        cli.in(new byte[] {'a', (byte) 0xff}).run("put", "a", "-").exits(Exit.USAGE);
        cli.in(new byte[] {'a', 0}).run("put", "a", "-").exits(Exit.USAGE);
        cli.run("history", "a", "--limit", "0").exits(Exit.USAGE);
    }

    private Cli.Result withJson(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "--json";
        System.arraycopy(args, 0, all, 1, args.length);
        return cli.run(all);
    }

    @Test
    void notFound_key() {
        cli.run("put", "a", "one").exits(0);
        cli.run("delete", "a").exits(0);
        JsonNode deleted = cli.run("--json", "get", "a").exits(Exit.NOT_FOUND).json();
        assertThat(deleted.get("error").asText()).isEqualTo("not-found");
        assertThat(deleted.get("retryable").asBoolean()).isFalse();
        assertThat(deleted.get("key").asText()).isEqualTo("a");
        assertThat(deleted.get("version").asLong()).isEqualTo(2);
        assertThat(deleted.get("writer").asText()).isEqualTo("planner");
        assertThat(deleted.get("deleted").asBoolean()).isTrue();
        for (String[] args :
                new String[][] {{"get", "b"}, {"history", "b"}, {"delete", "a"}, {"delete", "b"}, {"revoke", "b"}}) {
            assertThat(withJson(args).exits(Exit.NOT_FOUND).json().get("error").asText())
                    .isEqualTo("not-found");
        }
        assertThat(cli.run("get", "b").exits(Exit.NOT_FOUND).err())
                .isEqualTo("fencepost: 'b' has no value: it never existed\n");
    }

    @Test
    void missingStore_isNotCreated() {
        String token = "fpc-" + "0".repeat(32) + "-1-" + "0".repeat(16);
        for (String[] args : new String[][] {
            {"get", "a"},
            {"list"},
            {"history", "a"},
            {"history", "a", "--compare", "1..2"},
            {"get", "a", "--at", "1"},
            {"blame", "a"},
            {"conflicts"},
            {"events", "a"},
            {"watch"},
            {"cursors"},
            {"cursors", "move", "a", "1"},
            {"cursors", "drop", "a"},
            {"cursors", "dead-letters", "a"},
            {"cursors", "discard", "a", "1"},
            {"retention"},
            {"retention", "keep", "a", "--versions", "1"},
            {"retention", "remove", "a"},
            {"retention", "run"},
            {"claims"},
            {"sagas"},
            {"check"},
            {"delete", "a"},
            {"revoke", "a"},
            {"renew", token},
            {"release", token},
        }) {
            JsonNode error = withJson(args).exits(Exit.NOT_FOUND).json();
            assertThat(error.get("error").asText()).isEqualTo("not-found");
            assertThat(error.get("store").asText()).isEqualTo(file.toString());
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void conflict_namesTheCurrentValue() {
        cli.run("put", "a", "one").exits(0);
        JsonNode stale = withJson("put", "a", "two", "--if-version", "7")
                .exits(Exit.CONFLICT)
                .json();
        assertThat(stale.get("error").asText()).isEqualTo("conflict");
        assertThat(stale.get("retryable").asBoolean()).isTrue();
        assertThat(stale.get("key").asText()).isEqualTo("a");
        assertThat(stale.get("value").asText()).isEqualTo("one");
        assertThat(stale.get("version").asLong()).isEqualTo(1);
        assertThat(stale.get("writer").asText()).isEqualTo("planner");
        JsonNode present =
                withJson("put", "a", "two", "--if-absent").exits(Exit.CONFLICT).json();
        assertThat(present.get("retryable").asBoolean()).isFalse();
        cli.run("put", "a", "two", "--if-value", "other").exits(Exit.CONFLICT);
        assertThat(cli.run("get", "a").out()).isEqualTo("one");
    }

    @Test
    void conflict_onAnAbsentKey() {
        JsonNode never = withJson("put", "a", "x", "--if-version", "1")
                .exits(Exit.CONFLICT)
                .json();
        assertThat(never.get("version").asLong()).isZero();
        assertThat(never.has("value")).isFalse();
        cli.run("put", "a", "one").exits(0);
        cli.run("delete", "a").exits(0);
        JsonNode deleted = withJson("put", "a", "x", "--if-version", "2")
                .exits(Exit.CONFLICT)
                .json();
        assertThat(deleted.get("version").asLong()).isEqualTo(2);
        assertThat(deleted.get("deleted").asBoolean()).isTrue();
    }

    @Test
    void busyDeadlockAndFailures_haveTheirExitCodes() {
        ErrorReport busy = ErrorReport.of(new WriteLockTimeoutException("locked for too long", null));
        assertThat(busy.exit()).isEqualTo(Exit.BUSY);
        assertThat(busy.json().get("error").asText()).isEqualTo("busy");
        assertThat(busy.json().get("retryable").asBoolean()).isTrue();
        ErrorReport deadlock = ErrorReport.of(new DeadlockException(new ClaimResult.Deadlock(List.of())));
        assertThat(deadlock.exit()).isEqualTo(Exit.BUSY);
        assertThat(deadlock.json().get("error").asText()).isEqualTo("deadlock");
        Exception full = new IOException("full");
        assertThat(ErrorReport.of(new StorageException("The disk is full", full))
                        .exit())
                .isEqualTo(Exit.UNEXPECTED);
        ErrorReport unknown = ErrorReport.of(
                new OutcomeUnknownException(new CommitId("0".repeat(32), 1, 2, 3), "The disk is silent", full));
        assertThat(unknown.exit()).isEqualTo(Exit.UNEXPECTED);
        assertThat(unknown.json().get("error").asText()).isEqualTo("unknown-outcome");
        assertThat(unknown.json().get("commit").asText()).isEqualTo("fpo-" + "0".repeat(32) + "-1-2-3");
        assertThat(unknown.unexpected()).isEmpty();
        assertThat(ErrorReport.of(full).unexpected()).contains(full);
    }

    @Test
    void unusableStore_isRefused_withTheReason() throws IOException {
        Files.writeString(file, "this is no database, it only lies where one might");
        JsonNode error = withJson("get", "a").exits(Exit.REFUSED).json();
        assertThat(error.get("error").asText()).isEqualTo("refused");
        assertThat(error.get("retryable").asBoolean()).isFalse();
        assertThat(error.get("reason").asText()).isEqualTo("not-a-database");
        assertThat(cli.run("put", "a", "x").exits(Exit.REFUSED).err())
                .startsWith("fencepost: ")
                .doesNotContain("\tat ");
        Cli missing = Cli.on(folder.resolve("no/such/folder.db"));
        assertThat(missing.run("--json", "put", "a", "x")
                        .exits(Exit.REFUSED)
                        .json()
                        .get("reason")
                        .asText())
                .isEqualTo("no-folder");
    }
}
