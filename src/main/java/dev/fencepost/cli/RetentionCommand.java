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
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retention",
        header = "List retention rules; set or remove one; or prune history.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Without a rule, all history is retained. The rule with the longest matching prefix applies. The"
                + " newest version is never pruned, nor is history that an open snapshot can read.")
final class RetentionCommand implements Callable<Integer> {
    private final RootCommand root;

    private RetentionCommand(RootCommand root) {
        this.root = root;
    }

    /** Creates the command with its subcommands. */
    static CommandLine of(RootCommand root) {
        CommandLine command = new CommandLine(new RetentionCommand(root));
        command.addSubcommand(new KeepCommand(root));
        command.addSubcommand(new Remove(root));
        command.addSubcommand(new ClaimsAge(root));
        command.addSubcommand(new Run(root));
        return command;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            List<RetentionRule> rules = root.agent(store).retention().rules();
            root.output()
                    .print(
                            rules.stream().map(TimeJson::rule).toList(),
                            List.of("PREFIX", "VERSIONS", "AGE", "BY"),
                            rules.stream().map(RetentionCommand::row).toList());
            if (rules.isEmpty()) {
                root.output().note("No rules: all history is retained.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(RetentionRule rule) {
        return List.of(
                rule.prefix(),
                rule.keep().versions().isPresent()
                        ? Integer.toString(rule.keep().versions().getAsInt())
                        : "-",
                rule.keep().age().map(Durations::text).orElse("-"),
                rule.agent());
    }

    private static RetentionRule find(Retention retention, String prefix) throws NotFoundException {
        return retention.rules().stream()
                .filter(rule -> rule.prefix().equals(prefix))
                .findFirst()
                .orElseThrow(() -> NotFoundException.rule(prefix));
    }

    @Command(
            name = "keep",
            header = "Set the rule of a prefix, replacing an earlier one.",
            description = "With both options, history that either retains is retained. Nothing is pruned before @|bold"
                    + " retention run|@.")
    static final class KeepCommand implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(paramLabel = "PREFIX", description = "The prefix of keys and streams; '' matches all.")
        private String prefix = "";

        @Option(names = "--versions", paramLabel = "N", description = "The number of newest versions to retain.")
        private @Nullable Integer versions;

        @Option(
                names = "--age",
                paramLabel = "TIME",
                converter = Durations.class,
                description = "The age up to which to retain versions that were current, and events.")
        private @Nullable Duration age;

        private KeepCommand(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            RetentionPolicy keep = new RetentionPolicy(
                    versions == null ? OptionalInt.empty() : OptionalInt.of(versions), Optional.ofNullable(age));
            try (Store store = root.openExisting()) {
                Retention retention = root.agent(store).retention();
                retention.setRule(prefix, keep);
                root.output()
                        .print(
                                TimeJson.rule(find(retention, prefix)),
                                "The rule for '" + prefix + "*' retains " + words(keep));
                return Exit.DONE;
            }
        }

        private static String words(RetentionPolicy keep) {
            String count = keep.versions().isPresent()
                    ? "the newest " + keep.versions().getAsInt()
                    : "";
            String span = keep.age()
                    .map(length -> "the last " + Durations.text(length))
                    .orElse("");
            return count.isEmpty() || span.isEmpty() ? count + span : count + " and " + span;
        }
    }

    @Command(name = "remove", header = "Remove the rule of exactly this prefix.")
    static final class Remove implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(paramLabel = "PREFIX", description = "The prefix of the rule.")
        private String prefix = "";

        private Remove(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            try (Store store = root.openExisting()) {
                Retention retention = root.agent(store).retention();
                RetentionRule removed = find(retention, prefix);
                retention.removeRule(prefix);
                root.output().print(TimeJson.rule(removed), "The rule for '" + prefix + "*' was removed");
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "claims",
            header = "Show or set the retention of ended claims.",
            description = "Without an option, shows it. Claims that are held are never pruned.")
    static final class ClaimsAge implements Callable<Integer> {
        private final RootCommand root;

        @ArgGroup
        private @Nullable Rule rule;

        /** The two options, of which one is given. */
        private static final class Rule {
            @Option(
                    names = "--age",
                    paramLabel = "TIME",
                    converter = Durations.class,
                    description = "The time for which to retain claims after their end.")
            private @Nullable Duration age;

            @Option(names = "--all", description = "Retention of all claims.")
            private boolean all;
        }

        private ClaimsAge(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
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
                root.output()
                        .print(
                                json,
                                age.map(kept -> "Ended claims are retained for " + Durations.text(kept))
                                        .orElse("All claims are retained"));
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "run",
            header = "Prune all history that the rules do not retain.",
            description = "Prunes in small transactions, so that other processes can write between them.")
    static final class Run implements Callable<Integer> {
        private final RootCommand root;

        private Run(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            try (Store store = root.openExisting()) {
                PruneReport trimmed = root.agent(store).retention().apply();
                root.output()
                        .print(
                                Json.object()
                                        .put("versions", trimmed.versions())
                                        .put("events", trimmed.events())
                                        .put("claims", trimmed.claims())
                                        .put("pages", trimmed.pages()),
                                "Pruned " + counted(trimmed.versions(), "version") + " and "
                                        + counted(trimmed.events(), "event") + claims(trimmed) + "; "
                                        + counted(trimmed.pages(), "page") + " returned to the file system");
                return Exit.DONE;
            }
        }

        private static String claims(PruneReport trimmed) {
            return trimmed.claims() == 0 ? "" : " and " + counted(trimmed.claims(), "ended claim");
        }

        private static String counted(long number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }
    }
}
