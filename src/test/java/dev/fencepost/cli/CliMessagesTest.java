package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Error messages: each names the value, the bound and the remedy. */
class CliMessagesTest {
    @TempDir
    Path folder;

    private Path file;
    private Cli cli;

    @BeforeEach
    void open() throws IOException {
        file = folder.toRealPath().resolve("store.db");
        cli = Cli.on(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "put a x --if-version #",
                "delete a --if-version #",
                "append s x --after #",
                "blame a --limit #",
                "blame a --after #",
                "conflicts --limit #",
                "conflicts --after #",
                "events s --limit #",
                "events s --after #",
                "history a --limit #",
                "history a --after #",
                "history a --version #",
                "list --limit #",
                "claims --limit #",
                "sagas --limit #",
                "saga s --limit #",
                "saga s --after #",
                "cursors --limit #",
                "cursors move c #",
                "watch --after #",
                "watch --limit #",
                "retention keep p --versions #",
                "claim a --conflict-exit-code #"
            })
    void invalidNumber_isRefused_withOptionAndBound(String line) {
        for (String text : List.of("x", "1.5", "99999999999999999999")) {
            String[] args = line.replace("#", text).split(" ");
            String argument = line.replaceAll(".*(--[a-z-]+|move).*", "$1").replace("move", "(SEQ)");
            assertThat(cli.run(args).exits(Exit.USAGE).err())
                    .contains("'" + text + "' is not a whole number; it must be from ", argument)
                    .doesNotContain("long", "int ");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void numberOutOfBounds_isRefused_withItsBound() {
        cli.run("put", "a", "x").exits(0);
        assertThat(cli.run("list", "--limit", "10001").exits(Exit.USAGE).err()).contains("10001", "from 1 to 10000");
        assertThat(cli.run("put", "a", "x", "--if-version", "-1")
                        .exits(Exit.USAGE)
                        .err())
                .contains("-1", "must be 1 or more, or 0 for an absent key");
        assertThat(cli.run("retention", "keep", "a", "--versions", "0")
                        .exits(Exit.USAGE)
                        .err())
                .contains("is 0", "at least 1");
    }

    @Test
    void valueWithADash_needsADelimiter_namedInTheError() {
        for (String[] args : new String[][] {
            {"put", "a", "-value"},
            {"put", "a", "--value"},
            {"put", "a", "-snow"},
            {"append", "s", "-x"}
        }) {
            assertThat(cli.run(args).exits(Exit.USAGE).err()).contains("write -- before a value that begins with '-'");
        }
        assertThat(cli.run("put", "a").exits(Exit.USAGE).err()).doesNotContain("write --");
        cli.run("put", "--if-absent", "a", "--", "-value").exits(0);
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo("-value");
        cli.run("put", "a", "--if-value=-value", "--", "--other").exits(0);
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo("--other");
        cli.run("put", "a", "--if-value", "--other", "--", "-").exits(0);
        cli.run("append", "s", "--", "-x").exits(0);
        assertThat(cli.run("--json", "events", "s").json().get("body").asText()).isEqualTo("-x");
    }

    @Test
    void invalidStoreFile_isNamed() throws IOException {
        Path garbage =
                Files.writeString(folder.toRealPath().resolve("garbage"), "no database, and long enough".repeat(40));
        for (String command : List.of("get a", "put a x", "check", "adopt", "saga begin s step", "watch", "claims")) {
            assertThat(Cli.on(garbage)
                            .run(command.split(" "))
                            .exits(Exit.REFUSED)
                            .err())
                    .as(command)
                    .contains("'" + garbage + "'", "not a SQLite database");
        }
        cli.run("put", "a", "x").exits(0);
        assertThat(cli.run("restore", garbage.toString()).exits(Exit.REFUSED).err())
                .contains("'" + garbage + "'", "not a SQLite database")
                .doesNotContain(file.toString());
    }

    @Test
    void remedies_nameCommandLineOptions() {
        assertThat(cli.run("claim", "a", "--lease", "1s", "--", "true")
                        .exits(Exit.USAGE)
                        .err())
                .contains("The lease is PT1S", "at least PT3S. Use a longer --lease");
        assertThat(cli.in("x".repeat(StoreConfig.of(file).maxValueBytes() + 1).getBytes(StandardCharsets.UTF_8))
                        .run("put", "a", "-")
                        .exits(Exit.USAGE)
                        .err())
                .contains("split the value")
                .doesNotContain("open the store");
    }

    private static boolean isSource(Path path) {
        return path.toString().endsWith(".java") && !path.toString().contains("/demo/");
    }

    /** Library messages that no command can cause: the command line has no positions and no codecs. */
    private static final List<String> UNREACHABLE =
            List.of("Position.java", "ReadCache.java", "DefaultStore.java", "Positions.java");

    @Test
    void remedies_ofTheLibrary_areAllTranslated() throws IOException {
        Pattern literal = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
        Pattern method = Pattern.compile("\\bwith[A-Z]\\w*|\\b[A-Z]\\w+\\.[a-z]\\w*\\(|open the store with");
        List<String> found = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(CliMessagesTest::isSource).toList()) {
                String code = Files.readString(source).replaceAll("(?m)^ *(\\*|//|/\\*).*$", "");
                // A message may consist of several literals.
                Matcher literals = literal.matcher(code.replaceAll("\"\\s*\\+\\s*\"", ""));
                while (literals.find()) {
                    if (!source.endsWith("Remedies.java")
                            && UNREACHABLE.stream().noneMatch(source::endsWith)
                            && method.matcher(Remedies.translate(literals.group(1)))
                                    .find()) {
                        found.add(source + ": " + literals.group(1));
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
