package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with real processes: six processes, signals and a kill. */
class DemoTest {
    @TempDir
    Path folder;

    @Test
    void demo_passesEveryScene() {
        Path file = folder.resolve("demo.db");
        List<JsonNode> scenes = Cli.on(file)
                .run("--store", file.toString(), "--json", "demo")
                .exits(0)
                .jsonLines();
        assertThat(scenes)
                .extracting(scene -> scene.get("scene").asText())
                .containsExactly("lost-updates", "zombie", "write-skew", "killed-holder");
        assertThat(scenes).allMatch(scene -> scene.get("passed").asBoolean());
        assertThat(scenes).allMatch(scene -> scene.get("store").asText().equals(file.toString()));
        assertThat(Cli.on(file).run("check").exits(0).out()).contains("no findings");
        assertThat(Cli.on(file)
                        .run("--store", file.toString(), "demo")
                        .exits(Exit.USAGE)
                        .err())
                .contains("exists; name another with --store");
    }
}
