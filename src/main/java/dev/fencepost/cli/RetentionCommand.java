package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Store;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.Retention;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.RetentionRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retention",
        header = "List retention rules; set or remove one; or prune history.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Without a rule, all history is retained. The rule with the longest matching prefix applies. The"
                + " newest version is never pruned, nor is history that an open snapshot can read.",
        addMethodSubcommands = false)
final class RetentionCommand implements CommandGroup, Callable<Integer> {
    private static final Table<RetentionRule> RULES = new Table<>(Json::rule)
            .fields("PREFIX:prefix", "VERSIONS:versions")
            .column("AGE", rule -> rule.keep().age().map(Durations::text).orElse("-"))
            .fields("BY:agent");

    private final RootCommand root;

    RetentionCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public RootCommand root() {
        return root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            List<RetentionRule> rules = root.agent(store).retention().rules();
            Output output = root.output();
            output.print(
                    rules.stream().map(RULES::json).toList(),
                    RULES.headings(),
                    rules.stream().map(RULES::row).toList());
            if (rules.isEmpty()) {
                output.note("No rules: all history is retained.");
            }
            return Exit.DONE;
        }
    }

    private static RetentionRule find(Retention retention, String prefix) throws NotFoundException {
        return retention.rules().stream()
                .filter(rule -> rule.prefix().equals(prefix))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        "No rule for exactly '" + prefix + "*'; list the rules with 'retention'",
                        Json.object().put("prefix", prefix)));
    }

    @Command(
            header = "Set the rule of a prefix, replacing an earlier one.",
            description = "With both options, history that either retains is retained. Nothing is pruned before @|bold"
                    + " retention run|@.")
    void keep(
            @Parameters(paramLabel = "PREFIX", description = "The prefix of keys and streams; '' matches all.")
                    String prefix,
            @Option(names = "--versions", paramLabel = "N", description = "The number of newest versions to retain.")
                    @Nullable Integer versions,
            @Option(
                            names = "--age",
                            paramLabel = "TIME",
                            description = "The age up to which to retain versions that were current, and events.")
                    @Nullable Duration age)
            throws NotFoundException {
        RetentionPolicy keep = new RetentionPolicy(
                versions == null ? OptionalInt.empty() : OptionalInt.of(versions), Optional.ofNullable(age));
        try (Store store = root.openExisting()) {
            Retention retention = root.agent(store).retention();
            retention.setRule(prefix, keep);
            String count = versions == null ? "" : "the newest " + versions;
            String span = age == null ? "" : "the last " + Durations.text(age);
            print(
                    Json.rule(find(retention, prefix)),
                    "The rule for '" + prefix + "*' retains " + count
                            + (count.isEmpty() || span.isEmpty() ? "" : " and ") + span);
        }
    }

    @Command(header = "Remove the rule of exactly this prefix.")
    void remove(@Parameters(paramLabel = "PREFIX", description = "The prefix of the rule.") String prefix)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            Retention retention = root.agent(store).retention();
            RetentionRule removed = find(retention, prefix);
            retention.removeRule(prefix);
            print(Json.rule(removed), "The rule for '" + prefix + "*' was removed");
        }
    }

    /** The options for the retention of claims, of which one is given. */
    private static final class ClaimRule {
        @Option(
                names = "--age",
                paramLabel = "TIME",
                description = "The time for which to retain claims after their end.")
        private @Nullable Duration age;

        @Option(names = "--all", description = "Retention of all claims.")
        private boolean all;
    }

    @Command(
            header = "Show or set the retention of ended claims.",
            description = "Without an option, shows it. Claims that are held are never pruned.")
    void claims(@ArgGroup @Nullable ClaimRule rule) throws NotFoundException {
        try (Store store = root.openExisting()) {
            Retention retention = root.agent(store).retention();
            if (rule != null && rule.age != null) {
                retention.setClaimAge(rule.age);
            } else if (rule != null && rule.all) {
                retention.removeClaimAge();
            }
            Optional<Duration> age = retention.claimAge();
            ObjectNode json = Json.object();
            age.ifPresent(kept -> json.put("age", kept.toString()));
            print(
                    json,
                    age.map(kept -> "Ended claims are retained for " + Durations.text(kept))
                            .orElse("All claims are retained"));
        }
    }

    @Command(
            header = "Prune all history that the rules do not retain.",
            description = "Prunes in small transactions, so that other processes can write between them.")
    void run() throws NotFoundException {
        try (Store store = root.openExisting()) {
            PruneReport pruned = root.agent(store).retention().apply();
            String claims = pruned.claims() == 0 ? "" : " and " + counted(pruned.claims(), "ended claim");
            print(
                    Json.object()
                            .put("versions", pruned.versions())
                            .put("events", pruned.events())
                            .put("claims", pruned.claims())
                            .put("pages", pruned.pages()),
                    "Pruned " + counted(pruned.versions(), "version") + " and " + counted(pruned.events(), "event")
                            + claims + "; " + counted(pruned.pages(), "page") + " returned to the file system");
        }
    }

    private static String counted(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
