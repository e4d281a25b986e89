package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tokens of unknown claims, at every command that accepts a token. */
class CliTokensTest extends CliTest {
    private static List<List<String>> commands(String token) {
        return List.of(
                List.of("renew", token),
                List.of("release", token),
                List.of("put", "a", "x", "--claim", token),
                List.of("delete", "a", "--claim", token),
                List.of("append", "s", "x", "--claim", token),
                List.of("saga", "next", token),
                List.of("saga", "record", token, "done", "step"),
                List.of("saga", "report", token, "done"));
    }

    private static Cli.Result json(Cli cli, List<String> args) {
        return cli.run(Stream.concat(Stream.of("--json"), args.stream()).toArray(String[]::new));
    }

    private void assertUnknown(String token, String reason) {
        for (List<String> args : commands(token)) {
            JsonNode error = json(cli, args).exits(Exit.FENCED).json();
            assertThat(error.get("error").asText()).isEqualTo("fenced");
            assertThat(error.get("message").asText())
                    .startsWith("Unknown claim token '" + token + "': ")
                    .contains(reason)
                    .doesNotContain("epoch", "1970", "claim 99");
            assertThat(error.get("ending").asText()).isEqualTo("unknown");
            assertThat(error.has("key") || error.has("epoch")).isFalse();
        }
    }

    @Test
    void token_ofAnotherStore_isUnknown() {
        String token = claim("a");
        String elsewhere = "fpc-" + "0".repeat(32) + token.substring(36);
        assertUnknown(elsewhere, "the store " + "0".repeat(32) + " granted it");
    }

    @Test
    void token_neverGranted_isUnknown() {
        String token = claim("a");
        assertUnknown(token.replaceAll("-[0-9]+-", "-99-"), "this store has no such claim");
        // The claim of this number exists. The error must not reveal its keys to a process that guesses.
        assertUnknown(token.replaceAll("[0-9a-f]{16}$", "0".repeat(16)), "this store has no such claim");
    }

    @Test
    void token_ofAPrunedClaim_isUnknown() {
        String token = claim("a");
        try (Store store = Store.open(file)) {
            Claim pruned = store.agent("holder")
                    .claim(Key.text("b"), Lease.withoutHeartbeats(Duration.ofHours(1)))
                    .orThrow();
            cli.run("revoke", "a").exits(0);
            cli.run("revoke", "b").exits(0);
            cli.run("retention", "claims", "--age", "0s").exits(0);
            cli.run("retention", "run").exits(0);
            assertUnknown(token, "retention has pruned the claim");
            // The holder knows the key and the epoch, and the store knows the current epoch.
            assertThatThrownBy(pruned::expiresAt)
                    .isInstanceOf(FencedException.class)
                    .hasMessage("the claim on 'b' under epoch 1 is unknown in this store; its epoch is 2 now");
        }
    }

    @Test
    void token_ofAnEndedClaim_namesItsKeyAndEpoch() {
        String token = claim("a");
        cli.run("revoke", "a").exits(0);
        for (List<String> args : commands(token)) {
            JsonNode error = json(cli, args).exits(Exit.FENCED).json();
            assertThat(error.get("message").asText()).contains("on 'a' under epoch 1 was revoked");
            assertThat(error.get("key").asText()).isEqualTo("a");
            assertThat(error.get("epoch").asLong()).isEqualTo(1);
        }
    }

    @Test
    void refusal_ofAnUnknownToken_isRecorded() {
        String token = claim("a").replaceAll("-[0-9]+-", "-99-");
        cli.with("FENCEPOST_PROVENANCE", "true").run("renew", token).exits(Exit.FENCED);
        JsonNode kept = cli.run("--json", "conflicts").exits(0).json();
        assertThat(kept.get("kind").asText()).isEqualTo("fenced");
        assertThat(kept.get("message").asText()).isEqualTo("the claim is unknown in this store");
        cli.run("check").exits(0);
    }

    private String claim(String key) {
        return cli.run("claim", key, "--lease", "5m").exits(0).out().strip();
    }
}
