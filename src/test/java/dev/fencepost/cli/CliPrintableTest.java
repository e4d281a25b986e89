package dev.fencepost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output for people of texts with line breaks, tabs, terminal escapes and bidirectional controls. */
class CliPrintableTest {
    private static final String WILD = "one\ntwo\r\tthree\u001b[31m\u0085\u2028\u202efour\u2066";
    private static final String TAME = "one\\ntwo\\r\\tthree\\u001b[31m\\u0085\\u2028\\u202efour\\u2066";

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeEach
    void open() {
        cli = Cli.on(folder.resolve("store.db")).with("FENCEPOST_PROVENANCE", "true");
    }

    private static String assertOnLines(int lines, String text) {
        assertThat(text).hasLineCount(lines).endsWith("\n").contains(TAME);
        assertThat(text.replace("\n", "").codePoints())
                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e || c == 0x2066);
        return text;
    }

    @Test
    void wildValue_inATable_isOneLine() {
        cli.run("put", "a", WILD).exits(0);
        cli.run("put", "a", "other", "--if-value", WILD + "!").exits(Exit.CONFLICT);
        cli.run("append", "s", WILD).exits(0);
        for (String[] args : new String[][] {
            {"list"},
            {"history", "a"},
            {"events", "s"},
            {"watch", "--after", "0", "--for", "0s"},
            {"watch", "--events", "--after", "0", "--for", "0s"}
        }) {
            assertOnLines(2, cli.run(args).exits(0).out());
        }
        // Byte for byte.
        assertThat(cli.run("get", "a").exits(0).out()).isEqualTo(WILD);
        assertThat(cli.run("--json", "get", "a").exits(0).json().get("value").asText())
                .isEqualTo(WILD);
    }

    @Test
    void wildReason_ofASaga_isOneLine() {
        String token = cli.run("saga", "begin", "s", "step").exits(0).out().strip();
        cli.run("saga", "record", token, "started", "step").exits(0);
        cli.run("saga", "record", token, "refused", "step", WILD).exits(0);
        Cli.Result saga = cli.run("saga", "s").exits(0);
        int entries = cli.run("--json", "saga", "s").json().get("journal").size();
        assertOnLines(entries + 1, saga.out());
        assertThat(saga.err()).hasLineCount(1);
        assertOnLines(2, cli.run("sagas", "--all").exits(0).out());
    }

    @Test
    void wildName_inARefusal_isOneLine() {
        for (String[] args : new String[][] {
            {"put", WILD, "x"},
            {"get", WILD},
            {"list", "--after", WILD},
            {"history", WILD},
            {"claim", WILD},
            {"claim", "a", "--", WILD},
            {"renew", WILD},
            {"saga", WILD},
            {"saga", "begin", WILD, "step"},
            {"saga", "take", WILD},
            {"cursors", "drop", WILD},
            {"retention", "keep", WILD},
            {"retention", "remove", WILD},
            {"append", WILD, "x"},
            {"append", "s", "x", "--id", WILD},
            {"put", "a", "x", "--agent", WILD},
            {"put", "a", "x", "--if-version", WILD},
            {"get", "a", "--at", WILD},
            {"claim", "a", "--lease", WILD},
            {"put", "a", "x", "--store", WILD + "/x"},
            {WILD},
            {"put", "a", "x", "--" + WILD},
        }) {
            cli.run("put", "a", "x").exits(0);
            Cli.Result result = cli.run(args);
            assertThat(result.code()).as("%s", List.of(args)).isNotZero();
            assertThat(result.err().lines()).as("%s", List.of(args)).hasSizeBetween(1, 2);
            assertThat(result.err().replace("\n", "").codePoints())
                    .as("%s: %s", List.of(args), result.err())
                    .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e || c == 0x2066);
        }
    }
}
