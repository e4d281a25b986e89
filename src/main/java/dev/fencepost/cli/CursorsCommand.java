package dev.fencepost.cli;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.CursorInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cursors",
        header = "List cursors; move or drop one; list or discard its dead letters.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Behind: the number of changes of the source after the cursor, counted up to 10,000. Overtaken:"
                + " some of them were pruned.")
final class CursorsCommand implements Callable<Integer> {
    private final RootCommand root;

    @Mixin
    private Paging paging = new Paging();

    private CursorsCommand(RootCommand root) {
        this.root = root;
    }

    /** Creates the command with its subcommands. */
    static CommandLine of(RootCommand root) {
        CommandLine command = new CommandLine(new CursorsCommand(root));
        command.addSubcommand(new Move(root));
        command.addSubcommand(new Drop(root));
        command.addSubcommand(new DeadLettersCommand(root));
        command.addSubcommand(new DeadLettersCommand.Discard(root));
        return command;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            Page<CursorInfo> cursors = root.agent(store).feed().cursors(paging.after(), paging.limit());
            root.output()
                    .print(
                            cursors.stream().map(TimeJson::cursor).toList(),
                            List.of("CURSOR", "SOURCE", "PREFIX", "AT", "BEHIND", "OVERTAKEN", "CONSUMER", "MOVED"),
                            cursors.stream().map(CursorsCommand::row).toList());
            Paging.note(root.output(), cursors, CursorInfo::name);
            if (cursors.isEmpty() && paging.after().isEmpty()) {
                root.output().note("No cursors.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(CursorInfo cursor) {
        return List.of(
                cursor.name(),
                cursor.source(),
                cursor.prefix(),
                Long.toString(cursor.position()),
                Long.toString(cursor.behind()),
                cursor.overtaken() ? "yes" : "no",
                cursor.consumer().map(CursorsCommand::consumer).orElse("-"),
                Json.time(cursor.movedAt()));
    }

    private static String consumer(ClaimInfo held) {
        return held.status() == ClaimInfo.Status.HELD
                ? held.holder().toString()
                : held.holder() + ", " + held.status().word();
    }

    static CursorInfo find(ChangeFeed feed, String name) throws NotFoundException {
        return feed.cursor(name).orElseThrow(() -> NotFoundException.cursor(name));
    }

    @Command(
            name = "move",
            header = "Move a cursor, forward or back.",
            description = "An operator's command: a consumer of the cursor is fenced.")
    static final class Move implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(index = "0", paramLabel = "NAME", description = "The cursor.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "SEQ",
                description = "The sequence number up to which changes count as handled.")
        private long sequence;

        private Move(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            try (Store store = root.openExisting()) {
                ChangeFeed feed = root.agent(store).feed();
                find(feed, name);
                feed.move(name, sequence);
                root.output().print(TimeJson.cursor(find(feed, name)), "'" + name + "' is at sequence " + sequence);
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "drop",
            header = "Drop a cursor.",
            description = "Refused while another process consumes it, and while it has dead letters.")
    static final class Drop implements Callable<Integer> {
        private final RootCommand root;

        @Parameters(paramLabel = "NAME", description = "The cursor.")
        private String name = "";

        private Drop(RootCommand root) {
            this.root = root;
        }

        @Override
        public Integer call() throws NotFoundException {
            try (Store store = root.openExisting()) {
                ChangeFeed feed = root.agent(store).feed();
                CursorInfo dropped = find(feed, name);
                feed.drop(name);
                root.output()
                        .print(
                                TimeJson.cursor(dropped),
                                "'" + name + "' was dropped; it was at sequence " + dropped.position());
                return Exit.DONE;
            }
        }
    }
}
