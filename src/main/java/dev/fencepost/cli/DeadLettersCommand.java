package dev.fencepost.cli;

import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.DeadLetter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dead-letters",
        header = "List the dead letters of a cursor, in commit order.",
        description = "A dead letter is a change that a subscription could not handle within its attempts, with the"
                + " last error.")
final class DeadLettersCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "NAME", description = "The cursor.")
    private String name = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The maximum number of dead letters, up to 10000; fewer if texts are long. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description = "The ID after which to begin. Default: begin with the" + " first.")
    private long after;

    DeadLettersCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            ChangeFeed feed = root.agent(store).feed();
            CursorsCommand.find(feed, name);
            Page<DeadLetter> letters = feed.deadLetters(name, after, limit);
            root.output()
                    .print(
                            letters.stream().map(TimeJson::deadLetter).toList(),
                            List.of("ID", "NAME", "NUMBER", "SEQUENCE", "ATTEMPTS", "PARKED", "REASON", "TEXT"),
                            letters.stream().map(DeadLettersCommand::row).toList());
            if (letters.isEmpty() && after == 0) {
                root.output().note("No dead letters.");
            }
            Paging.note(root.output(), letters, last -> Long.toString(last.id()));
            return Exit.DONE;
        }
    }

    private static List<String> row(DeadLetter letter) {
        return List.of(
                Long.toString(letter.id()),
                letter.name(),
                Long.toString(letter.number()),
                Long.toString(letter.sequence()),
                Integer.toString(letter.attempts()),
                Json.time(letter.parkedAt()),
                Preview.of(letter.reason()),
                text(letter));
    }

    private static String text(DeadLetter letter) {
        return letter.text().map(Preview::of).orElse("(deleted)");
    }

    @Command(
            name = "discard",
            header = "Remove a dead letter of a cursor without handling its change.",
            description = "With @|bold --json|@, prints the whole dead letter, so that its change can be handled by"
                    + " other means.")
    static final class Discard implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(index = "0", paramLabel = "NAME", description = "The cursor.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "ID", description = "The ID of the dead letter.")
        private long id;

        Discard(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            try (Store store = root.openExisting()) {
                ChangeFeed feed = root.agent(store).feed();
                CursorsCommand.find(feed, name);
                DeadLetter discarded = feed.deadLetters(name, Math.max(1, id) - 1, 1).stream()
                        .filter(letter -> letter.id() == id)
                        .findFirst()
                        .orElseThrow(() -> NotFoundException.deadLetter(name, id));
                feed.discardDeadLetter(name, id);
                root.output()
                        .print(
                                TimeJson.deadLetter(discarded),
                                "Dead letter " + id + " of '" + name + "' was discarded: " + text(discarded));
                return Exit.DONE;
            }
        }
    }
}
