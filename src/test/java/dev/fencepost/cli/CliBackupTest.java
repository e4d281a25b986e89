package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands backup, restore and adopt. */
class CliBackupTest extends CliTest {
    @BeforeEach
    void open() {
        cli.run("put", "a", "one").exits(0);
    }

    private String backup() {
        String backup = folder.resolve("backup.db").toString();
        cli.run("backup", backup).exits(0);
        return backup;
    }

    @Test
    void backup_thenRestore_bringsTheValuesBack() {
        String backup = folder.resolve("backup.db").toString();
        String token = cli.run("claim", "a", "--lease", "1h").exits(0).out().strip();
        String position = cli.run("backup", backup, "--json")
                .exits(0)
                .json()
                .get("position")
                .asText();
        cli.run("release", token).exits(0);
        cli.run("put", "a", "two").exits(0);
        JsonNode restored = cli.run("restore", backup, "--json").exits(0).json();
        assertThat(restored.get("endedClaims").asInt()).isEqualTo(1);
        assertThat(restored.get("epochsKnown").asBoolean()).isTrue();
        assertThat(position).contains(restored.get("formerId").asText());
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo("one");
        JsonNode lost = cli.run("release", token, "--json").exits(Exit.FENCED).json();
        assertThat(lost.get("error").asText()).isEqualTo("lost-history");
        cli.run("put", "a", "three", "--claim", token).exits(Exit.FENCED);
        cli.run("check").exits(0);
    }

    @Test
    void backup_existingFile_takesForce() {
        String backup = backup();
        assertThat(cli.run("backup", backup).exits(Exit.USAGE).err()).contains("--force");
        assertThat(cli.run("backup", backup, "--force").exits(0).out()).contains(backup);
    }

    @Test
    void backup_progress_onStandardError() {
        Cli.Result result = cli.run("backup", folder.resolve("b.db").toString(), "--progress", "--json");
        assertThat(result.exits(0).err()).contains("100 % copied");
        assertThat(result.json().get("pages").asLong()).isPositive();
        assertThat(cli.run("backup", folder.resolve("c.db").toString()).exits(0).err())
                .isEmpty();
    }

    @Test
    void backup_opened_refusedUntilAdopted() {
        Cli copy = Cli.on(Path.of(backup()));
        JsonNode refused = copy.run("get", "a", "--json").exits(Exit.REFUSED).json();
        assertThat(refused.get("reason").asText()).isEqualTo("copied");
        assertThat(copy.run("adopt").exits(0).out()).contains("independent store");
        assertThat(copy.run("get", "a").exits(0).out()).isEqualTo("one");
    }

    @Test
    void restore_withoutBackupOrForce_refused() throws IOException {
        cli.run("restore", folder.resolve("missing").toString()).exits(Exit.USAGE);
        String backup = backup();
        Files.writeString(file, "no store");
        assertThat(cli.run("restore", backup).exits(Exit.REFUSED).err()).contains("--force");
        assertThat(cli.run("restore", backup, "--force").exits(0).err()).contains("epochs");
    }

    @Test
    void adopt_withoutStore_notFound() {
        Cli.on(folder.resolve("missing.db")).run("adopt").exits(Exit.NOT_FOUND);
        Cli.on(folder.resolve("no/missing.db")).run("adopt").exits(Exit.NOT_FOUND);
    }
}
