package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention of the claim history at the command line. */
class CliClaimRetentionTest {
    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void endTwoClaims() {
        Path file = folder.resolve("store.db");
        try (Store store = Store.open(file)) {
            for (int i = 0; i < 2; i++) {
                store.agent("a")
                        .claim(Key.text("k"), Lease.of(Duration.ofMinutes(1)))
                        .orThrow()
                        .release();
            }
        }
        cli = Cli.on(file);
    }

    @Test
    void claimAge_isShownAndSet() {
        assertThat(cli.run("retention", "claims").exits(0).out()).isEqualTo("All claims are retained\n");
        assertThat(cli.run("--json", "retention", "claims").exits(0).json()).isEmpty();
        assertThat(cli.run("retention", "claims", "--age", "30d").exits(0).out())
                .isEqualTo("Ended claims are retained for 30d\n");
        JsonNode shown = cli.run("--json", "retention", "claims").exits(0).json();
        assertThat(shown.get("age").asText()).isEqualTo("PT720H");
        assertThat(cli.run("retention", "claims", "--all").exits(0).out()).isEqualTo("All claims are retained\n");
        cli.run("retention", "claims", "--all", "--age", "1d").exits(Exit.USAGE);
        cli.run("retention", "claims", "--age", "40000d").exits(Exit.USAGE);
    }

    @Test
    void run_prunesEndedClaims() {
        cli.run("retention", "run").exits(0);
        cli.run("retention", "claims", "--age", "0s").exits(0);
        assertThat(cli.run("--json", "retention", "run")
                        .exits(0)
                        .json()
                        .get("claims")
                        .asLong())
                .isEqualTo(2);
        JsonNode past = cli.run("--json", "claims", "--at", "1").json();
        assertThat(past.get("error").asText()).isEqualTo("pruned");
    }
}
