package dev.fencepost.cli;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Store;
import dev.fencepost.event.ChangeFeed;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.DeadLetter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cursors",
        header = "List cursors; move or drop one; list or discard its dead letters.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "Behind: the number of changes of the source after the cursor, counted up to 10,000. Overtaken:"
                + " some of them were pruned.",
        addMethodSubcommands = false)
final class CursorsCommand implements CommandGroup, Callable<Integer> {
    private static final Table<CursorInfo> CURSORS = new Table<>(Json::cursor)
            .fields("CURSOR:cursor", "SOURCE:source", "PREFIX:prefix", "AT:at", "BEHIND:behind")
            .column("OVERTAKEN", cursor -> cursor.overtaken() ? "yes" : "no")
            .column("CONSUMER", CursorsCommand::consumer)
            .fields("MOVED:movedAt");

    private static final String DELETED = "(deleted)";

    private static final Table<DeadLetter> DEAD_LETTERS = new Table<>(Json::deadLetter)
            .fields("ID:id", "NAME:name", "NUMBER:number", "SEQUENCE:sequence", "ATTEMPTS:attempts", "PARKED:parkedAt")
            .preview("REASON", "reason", "-")
            .preview("TEXT", "text", DELETED);

    private final RootCommand root;

    @Mixin
    private Paging paging = new Paging();

    CursorsCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public RootCommand root() {
        return root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            print(
                    AsOf.now(root.agent(store).feed().cursors(paging.after(), paging.limit())),
                    CURSORS,
                    CursorInfo::name,
                    paging.none("No cursors."));
            return Exit.DONE;
        }
    }

    private static String consumer(CursorInfo cursor) {
        return cursor.consumer()
                .map(held -> held.status() == ClaimInfo.Status.HELD
                        ? held.holder().toString()
                        : held.holder() + ", " + held.status().word())
                .orElse("-");
    }

    private static CursorInfo find(ChangeFeed feed, String name) throws NotFoundException {
        return feed.cursor(name)
                .orElseThrow(() -> new NotFoundException(
                        "No cursor '" + name + "'; it was never created, or was dropped",
                        Json.object().put("cursor", name)));
    }

    @Command(
            header = "Move a cursor, forward or back.",
            description = "An operator's command: a consumer of the cursor is fenced.")
    void move(
            @Parameters(index = "0", paramLabel = "NAME", description = "The cursor.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "SEQ",
                            description = "The sequence number up to which changes count as handled.")
                    long sequence)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            ChangeFeed feed = root.agent(store).feed();
            find(feed, name);
            feed.move(name, sequence);
            print(Json.cursor(find(feed, name)), "'" + name + "' is at sequence " + sequence);
        }
    }

    @Command(
            header = "Drop a cursor.",
            description = "Refused while another process consumes it, and while it has dead letters.")
    void drop(@Parameters(paramLabel = "NAME", description = "The cursor.") String name) throws NotFoundException {
        try (Store store = root.openExisting()) {
            ChangeFeed feed = root.agent(store).feed();
            CursorInfo dropped = find(feed, name);
            feed.drop(name);
            print(Json.cursor(dropped), "'" + name + "' was dropped; it was at sequence " + dropped.position());
        }
    }

    @Command(
            name = "dead-letters",
            header = "List the dead letters of a cursor, in commit order.",
            description = "A dead letter is a change that a subscription could not handle within its attempts, with the"
                    + " last error.")
    void deadLetters(
            @Parameters(paramLabel = "NAME", description = "The cursor.") String name,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "The maximum number of dead letters, up to 10000; fewer if texts are long."
                                    + " Default: ${DEFAULT-VALUE}.")
                    int limit,
            @Option(
                            names = "--after",
                            paramLabel = "ID",
                            description = "The ID after which to begin. Default: begin with the first.")
                    long after)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            ChangeFeed feed = root.agent(store).feed();
            find(feed, name);
            print(
                    AsOf.now(feed.deadLetters(name, after, limit)),
                    DEAD_LETTERS,
                    last -> Long.toString(last.id()),
                    after == 0 ? "No dead letters." : "");
        }
    }

    @Command(
            header = "Remove a dead letter of a cursor without handling its change.",
            description = "With @|bold --json|@, prints the whole dead letter, so that its change can be handled by"
                    + " other means.")
    void discard(
            @Parameters(index = "0", paramLabel = "NAME", description = "The cursor.") String name,
            @Parameters(index = "1", paramLabel = "ID", description = "The ID of the dead letter.") long id)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            ChangeFeed feed = root.agent(store).feed();
            find(feed, name);
            DeadLetter discarded = feed.deadLetters(name, Math.max(1, id) - 1, 1).stream()
                    .filter(letter -> letter.id() == id)
                    .findFirst()
                    .orElseThrow(() -> new NotFoundException(
                            "The cursor '" + name + "' has no dead letter " + id
                                    + "; list its dead letters with 'cursors dead-letters'",
                            Json.object().put("cursor", name).put("id", id)));
            feed.discardDeadLetter(name, id);
            print(
                    Json.deadLetter(discarded),
                    "Dead letter " + id + " of '" + name + "' was discarded: "
                            + discarded.text().map(Printable::preview).orElse(DELETED));
        }
    }
}
