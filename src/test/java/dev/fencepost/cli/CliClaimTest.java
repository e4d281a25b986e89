package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CliClaimTest extends CliTest {
    private String claim(String... keys) {
        List<String> args = new ArrayList<>(List.of("claim", "--lease", "5m"));
        args.addAll(List.of(keys));
        return cli.run(args.toArray(String[]::new)).exits(0).out().strip();
    }

    @Test
    void claim_printsAToken_validAfterTheProcess() {
        String token = claim("a");
        assertThat(token).doesNotContain(" ").startsWith("fpc-");
        cli.run("put", "a", "mine", "--claim", token).exits(0);
        assertThat(cli.run("claims").exits(0).out().lines().toList().get(1)).startsWith("a ");
        cli.run("delete", "a", "--claim", token).exits(0);
    }

    @Test
    void claim_json() {
        JsonNode one = cli.run("--json", "claim", "a").exits(0).json();
        assertThat(one.get("key").asText()).isEqualTo("a");
        assertThat(one.get("epoch").asLong()).isEqualTo(1);
        assertThat(one.get("token").asText()).startsWith("fpc-");
        assertThat(one.get("holder").asText()).isEqualTo("planner");
        assertThat(one.get("expiresAt").asText()).endsWith("Z");
        JsonNode two = cli.run("--json", "claim", "b", "c").exits(0).json();
        assertThat(two.get("keys")).hasSize(2);
        assertThat(two.get("keys").get(1).get("key").asText()).isEqualTo("c");
        List<JsonNode> claims = cli.run("--json", "claims").exits(0).jsonLines();
        assertThat(claims).extracting(node -> node.get("key").asText()).containsExactly("a", "b", "c");
        assertThat(claims.get(0).get("epoch").asLong()).isEqualTo(1);
        assertThat(claims.get(0).get("holder").asText()).isEqualTo("planner");
        assertThat(claims.get(0).get("expiresAt").asText())
                .isEqualTo(one.get("expiresAt").asText());
    }

    @Test
    void claimedKey_isRefusedToOtherAgents() {
        claim("a");
        for (String[] args : new String[][] {
            {"--json", "put", "a", "x"},
            {"--json", "claim", "a"},
            {"--json", "claim", "b", "a", "--wait", "10ms"},
            {"--json", "claim", "a", "--", "true"}
        }) {
            JsonNode error = Cli.on(file)
                    .with("FENCEPOST_AGENT", "bob")
                    .run(args)
                    .exits(Exit.BUSY)
                    .json();
            assertThat(error.get("error").asText()).isEqualTo("claimed");
            assertThat(error.get("retryable").asBoolean()).isTrue();
            assertThat(error.get("key").asText()).isEqualTo("a");
            assertThat(error.get("holder").asText()).isEqualTo("planner");
            assertThat(error.get("epoch").asLong()).isEqualTo(1);
            assertThat(error.get("expiresAt").asText()).endsWith("Z");
        }
        assertThat(cli.run("claims").out()).doesNotContain("\nb ");
    }

    @Test
    void renewAndRelease() {
        String token = claim("a");
        JsonNode renewed = cli.run("--json", "renew", token).exits(0).json();
        assertThat(renewed.get("token").asText()).isEqualTo(token);
        assertThat(renewed.get("key").asText()).isEqualTo("a");
        assertThat(renewed.get("expiresAt").asText())
                .isEqualTo(cli.run("--json", "claims").json().get("expiresAt").asText());
        assertThat(cli.run("renew", token).exits(0).out()).contains("expires at");
        assertThat(cli.run("--json", "release", token)
                        .exits(0)
                        .json()
                        .get("epoch")
                        .asLong())
                .isEqualTo(1);
        assertThat(cli.run("--json", "claims").exits(0).out()).isEmpty();
        cli.run("put", "a", "free").exits(0);
    }

    @Test
    void fenced_afterRevocation() {
        String token = claim("a", "b");
        JsonNode revoked = Cli.on(file)
                .with("FENCEPOST_AGENT", "operator")
                .run("--json", "revoke", "a")
                .exits(0)
                .json();
        assertThat(revoked.get("holder").asText()).isEqualTo("planner");
        assertThat(revoked.get("keys")).hasSize(2);
        for (String[] args : new String[][] {
            {"--json", "put", "a", "zombie", "--claim", token},
            {"--json", "delete", "a", "--claim", token},
            {"--json", "renew", token},
            {"--json", "release", token}
        }) {
            JsonNode error = cli.run(args).exits(Exit.FENCED).json();
            assertThat(error.get("error").asText()).isEqualTo("fenced");
            assertThat(error.get("retryable").asBoolean()).isFalse();
            assertThat(error.get("key").asText()).isEqualTo("a");
            assertThat(error.get("epoch").asLong()).isEqualTo(1);
            assertThat(error.get("presentEpoch").asLong()).isEqualTo(2);
            assertThat(error.get("ending").asText()).isEqualTo("revoked");
            assertThat(error.get("endedBy").asText()).isEqualTo("operator");
        }
        cli.run("get", "a").exits(Exit.NOT_FOUND);
    }

    @Test
    void fenced_byATokenOfAnotherStore() {
        String token = claim("a");
        Cli other = Cli.on(folder.resolve("other.db"));
        other.run("put", "a", "x", "--claim", token).exits(Exit.FENCED);
        // The environment of a command may name a claim in another store; this store ignores it.
        other.with("FENCEPOST_CLAIM", token).run("put", "a", "x").exits(0);
    }

    @Test
    void command_runsUnderTheClaim_andPassesItsExitCode() {
        String[] put = Cli.process("put", "a", "written under the claim").toArray(String[]::new);
        cli.run(claiming("a", put)).exits(0);
        JsonNode written = cli.run("--json", "get", "a").exits(0).json();
        assertThat(written.get("value").asText()).isEqualTo("written under the claim");
        assertThat(written.get("writer").asText()).isEqualTo("planner");
        assertThat(cli.run("--json", "claims").out()).isEmpty();
        cli.run("claim", "a", "--", "sh", "-c", "exit 9").exits(9);
        cli.run("claim", "a", "--", "sh", "-c", "test -n \"$FENCEPOST_CLAIM\" && test -f \"$FENCEPOST_STORE\"")
                .exits(0);
        JsonNode json = cli.run("--json", "claim", "a", "--", "sh", "-c", "exit 9")
                .exits(9)
                .json();
        assertThat(json.get("exitCode").asInt()).isEqualTo(9);
        assertThat(json.get("key").asText()).isEqualTo("a");
    }

    @Test
    void command_losingTheClaim_exitsFenced() {
        String[] revoke = Cli.process("--agent", "operator", "revoke", "a").toArray(String[]::new);
        Cli.Result people = cli.run(claiming("a", revoke)).exits(Exit.FENCED);
        assertThat(people.err()).contains("lost while the command ran").contains("operator");
        String[] inJson = claiming("a", revoke);
        inJson[0] = "--json";
        inJson[1] = "claim";
        inJson[2] = "a";
        JsonNode error = cli.run(inJson).exits(Exit.FENCED).json();
        assertThat(error.get("error").asText()).isEqualTo("fenced");
        assertThat(error.get("ending").asText()).isEqualTo("revoked");
        // The command may end by itself before the loss is noticed; otherwise TERM ends it.
        assertThat(error.get("exitCode").asInt()).isIn(0, 128 + 15);
    }

    @Test
    void conflictExitCode_ofAClaimNotGranted_isUsed() {
        claim("a");
        Cli bob = Cli.on(file).with("FENCEPOST_AGENT", "bob");
        JsonNode error = bob.run("--json", "claim", "a", "--conflict-exit-code", "200", "--", "true")
                .exits(200)
                .json();
        assertThat(error.get("error").asText()).isEqualTo("claimed");
        bob.run("claim", "a", "--conflict-exit-code=0", "--", "false").exits(0);
        bob.run("claim", "b", "a", "--conflict-exit-code=255", "--wait", "10ms").exits(255);
        bob.run("claim", "a", "--", "true").exits(Exit.BUSY);
    }

    @Test
    void conflictExitCode_ofAGrantedClaim_isNotUsed() {
        cli.run("claim", "a", "--conflict-exit-code=200", "--", "sh", "-c", "exit 5")
                .exits(5);
        cli.run(
                        "claim",
                        "a",
                        "--conflict-exit-code=200",
                        "--",
                        folder.resolve("none").toString())
                .exits(Exit.NOT_STARTED);
        cli.run("claim", "", "--conflict-exit-code=200", "--", "true").exits(Exit.USAGE);
    }

    @Test
    void conflictExitCode_outOfBounds_isRefused() {
        for (String code : List.of("-1", "256", "2147483647")) {
            JsonNode error = cli.run("--json", "claim", "a", "--conflict-exit-code", code, "--", "true")
                    .exits(Exit.USAGE)
                    .json();
            assertThat(error.get("error").asText()).isEqualTo("invalid-input");
            assertThat(error.get("message").asText()).contains("--conflict-exit-code is " + code, "0 to 255");
        }
        assertThat(file).doesNotExist();
        assertThat(cli.run("claim", "--help").exits(0).out()).contains("--conflict-exit-code=N", "from 0 to 255");
    }

    @Test
    void unstartableCommand_isReported_andReleasesTheClaim() {
        JsonNode error = cli.run(
                        "--json",
                        "claim",
                        "a",
                        "--",
                        folder.resolve("no such program").toString())
                .exits(Exit.NOT_STARTED)
                .json();
        assertThat(error.get("error").asText()).isEqualTo("not-started");
        assertThat(cli.run("--json", "claims").exits(0).out()).isEmpty();
    }

    @Test
    void signal_endsTheCommand_andReleasesTheClaim() throws IOException, InterruptedException {
        ProcessBuilder holder = new ProcessBuilder(
                Cli.process("claim", "a", "--lease=1h", "--", "sh", "-c", "echo $$; exec sleep 600"));
        holder.environment().put("FENCEPOST_STORE", file.toString());
        Process process = holder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        long command = Long.parseLong(process.inputReader().readLine());
        assertThat(cli.run("--json", "claims").exits(0).jsonLines()).hasSize(1);
        process.destroy();
        process.waitFor();
        assertThat(ProcessHandle.of(command).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(cli.run("--json", "claims").exits(0).jsonLines()).isEmpty();
    }

    /** Returns the arguments of {@code claim KEY --lease 1h -- COMMAND}. */
    private static String[] claiming(String key, String... command) {
        List<String> args = new ArrayList<>(List.of("claim", key, "--lease=1h", "--"));
        args.addAll(List.of(command));
        return args.toArray(String[]::new);
    }
}
