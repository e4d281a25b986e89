package dev.fencepost.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.cli.Cli;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Runs hostile command lines. Each must succeed or be refused with a documented exit code and error. */
final class CommandFuzz {
    /** Capital letters are placeholders for kinds of words. */
    private static final List<String> COMMANDS = List.of(
            "get K",
            "put K V",
            "put K -",
            "put K V --if-version N",
            "put K V --if-value V",
            "put K V --claim T",
            "list P",
            "list",
            "delete K --if-version N",
            "claims",
            "claim K --lease D",
            "claim K K --lease D --wait 0s",
            "claim K -- true",
            "renew T",
            "release T",
            "revoke K",
            "get K --at W",
            "list P --at W",
            "history K --limit N",
            "history K --version N",
            "history K --compare R",
            "blame K --limit N",
            "conflicts --limit N",
            "append S V --id I --after N",
            "append S -",
            "events S --after N --limit N --at W",
            "watch P --after N --limit 3 --for 1ms",
            "watch --events --from-now --for 1ms",
            "cursors",
            "cursors move I N",
            "cursors drop I",
            "cursors dead-letters I --limit N --after N",
            "cursors discard I N",
            "retention",
            "retention keep P --versions N --age D",
            "retention remove P",
            "retention run",
            "sagas --all",
            "sagas --at W",
            "claims --at W",
            "saga I",
            "saga cancel I --note V",
            "saga retry I",
            "saga skip I",
            "saga resolve I",
            "saga report T done V",
            "saga forget --older-than D",
            "saga begin I I I",
            "saga next T",
            "saga record T started I V",
            "saga record T failed I V",
            "saga record T refused I V",
            "check",
            "V",
            "V V V");

    private static final Set<String> ERRORS = Set.of(
            "conflict",
            "claimed",
            "deadlock",
            "fenced",
            "busy",
            "not-found",
            "pruned",
            "overtaken",
            "invalid-input",
            "usage",
            "refused",
            "failed",
            "unknown-outcome",
            "codec",
            "closed",
            "interrupted",
            "not-started",
            "saga");

    private static final Key<String> KEPT = Key.text("kept/regardless");

    private final Path file;
    private final long seed;

    /** Creates the store in this file. */
    CommandFuzz(Path file, long seed) {
        this.file = file;
        this.seed = seed;
        try (Store store = Store.open(file)) {
            store.agent("keeper").put(KEPT, "safe").orThrow();
        }
    }

    /** Runs the command line with this number. */
    void run(long number) {
        MaliciousStrings words = new MaliciousStrings(new SplittableRandom(seed * 1_000_003 + number));
        List<String> args = new ArrayList<>();
        for (String part : words.one(COMMANDS).split(" ", -1)) {
            args.add(part.length() == 1 && Character.isUpperCase(part.charAt(0)) ? words.of(part.charAt(0)) : part);
        }
        boolean waits = args.contains("watch");
        if (words.below(6) == 0 && !waits) {
            args.remove(words.below(args.size()));
        }
        if (words.below(6) == 0) {
            args.add(words.below(args.size() + 1), words.any());
        }
        if (words.below(3) == 0) {
            args.addAll(0, List.of("--agent", words.of('K')));
        }
        if (words.below(2) == 0) {
            args.add(0, "--json");
        }
        byte[] in = words.below(2) == 0 ? words.bytes() : words.any().getBytes(StandardCharsets.UTF_8);
        String where = "seed " + seed + ", number " + number + ": " + shortened(args);
        Cli.Result result;
        try {
            result = Cli.on(file).in(in).run(args.toArray(String[]::new));
        } catch (RuntimeException | Error e) {
            throw new AssertionError(where, e);
        }
        assertThat(result.code()).as("%s\n%s", where, result.err()).isIn(0, 1, 2, 3, 4, 5, 6, 7, 127);
        assertThat(result.err()).as(where).doesNotContain("\tat ").doesNotContain("Exception in thread");
        if (result.code() == 1) {
            assertThat(result.out() + result.err()).as(where).contains("failed");
        }
        if (result.code() != 0 && args.indexOf("--json") == 0) {
            assertErrorsAreKnown(result, where);
        }
    }

    private static void assertErrorsAreKnown(Cli.Result result, String where) {
        assertThat(result.jsonLines())
                .as(where)
                .filteredOn(line -> line.has("error"))
                .allSatisfy(line ->
                        assertThat(ERRORS).as(where).contains(line.get("error").asText()));
    }

    private static String shortened(List<String> args) {
        return args.stream()
                .map(arg -> arg.length() <= 60 ? arg : arg.substring(0, 60) + "... (" + arg.length() + ")")
                .toList()
                .toString();
    }

    /** Asserts that the file is intact and that unnamed keys are unchanged. */
    void end() {
        try (Store store = Store.open(file)) {
            assertThat(store.get(KEPT).orElseThrow().value()).isEqualTo("safe");
            assertThat(store.check().findings()).as("seed %s", seed).isEmpty();
        }
        assertThat(Path.of("/tmp/owned")).doesNotExist();
    }
}
