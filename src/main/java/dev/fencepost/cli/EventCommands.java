package dev.fencepost.cli;

import dev.fencepost.Agent;
import dev.fencepost.Appended;
import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Writer;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands on streams of events and on the feed of changes. */
interface EventCommands extends CommandGroup {
    Table<Event<String>> EVENTS = new Table<Event<String>>(Json::event)
            .fields("NUMBER:number", "SEQUENCE:sequence", "WRITER:writer", "COMMITTED:committedAt", "EVENT:event")
            .preview("BODY", "body", "-");
    Table<Change<String>> CHANGES = new Table<Change<String>>(Json::change)
            .fields("SEQUENCE:sequence", "COMMITTED:committedAt", "WRITER:writer", "KEY:key", "VERSION:version")
            .preview("VALUE", "value", "(deleted)");
    Table<Event<String>> WATCHED_EVENTS = new Table<Event<String>>(Json::event)
            .fields("SEQUENCE:sequence", "COMMITTED:committedAt", "WRITER:writer", "STREAM:stream", "NUMBER:number")
            .preview("BODY", "body", "-");
    List<Integer> WATCH_WIDTHS = List.of(8, 24, 12, 24, 7);
    int WATCH_BATCH = 1_000;
    Duration LONGEST_WATCH = Duration.ofDays(36_500);

    @Command(
            header = "Append an event to a stream.",
            description =
                    "An event with the ID and text of one in the stream is not stored again, so a retry is safe. The"
                            + " same ID with another text is a conflict. Write -- before a text that begins with '-'.")
    default void append(
            @Parameters(index = "0", paramLabel = "STREAM", description = "The stream.") String stream,
            @Parameters(
                            index = "1",
                            paramLabel = "TEXT|-",
                            description = "The text of the event; - reads it from standard input.")
                    String text,
            @Option(names = "--id", paramLabel = "ID", description = "The ID of the event. Default: a new one.")
                    @Nullable String id,
            @Option(
                            names = "--after",
                            paramLabel = "N",
                            description = "Only if the stream ends with event N; 0 means that it has none.")
                    @Nullable Long after,
            @Mixin ClaimOption claiming)
            throws IOException {
        EventStream<String> wanted = EventStream.text(stream);
        String body = text.equals("-") ? root().standardInput() : text;
        List<NewEvent<String>> events = List.of(id == null ? NewEvent.of(body) : new NewEvent<>(id, body));
        try (Store store = root().open()) {
            Writer writer = claiming.writer(root(), store);
            Appended<String> appended =
                    after == null ? writer.append(wanted, events) : writer.appendAfter(wanted, after, events);
            Event<String> event = appended.events().get(0);
            boolean duplicate = appended.duplicates() > 0;
            print(
                    Json.event(event).put("duplicate", duplicate),
                    "'" + event.id() + "' " + (duplicate ? "is a duplicate: it is" : "is") + " event " + event.number()
                            + " of '" + stream + "'");
        }
    }

    @Command(header = "List the events of a stream, in order.")
    default void events(
            @Parameters(paramLabel = "STREAM", description = "The stream.") String stream,
            @Option(
                            names = "--after",
                            paramLabel = "N",
                            description = "The event after which to begin. Default: begin with the first.")
                    long after,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "The maximum number of events, up to 10000; fewer if bodies are long."
                                    + " Default: ${DEFAULT-VALUE}.")
                    int limit,
            @Mixin AsOfOption at)
            throws NotFoundException {
        EventStream<String> wanted = new EventStream<>(stream, EventCodec.raw());
        try (Store store = root().openExisting()) {
            print(
                    at.read(
                            root(),
                            store,
                            Json.object().put("stream", stream),
                            then -> then.events(wanted, after, limit),
                            () -> store.events(wanted, after, limit)),
                    EVENTS,
                    last -> Long.toString(last.number()),
                    "No events.");
        }
    }

    /** The options for the start of {@code watch}; at most one of these. */
    final class Start {
        @Option(
                names = "--after",
                paramLabel = "SEQ",
                description = "The sequence number after which to begin; 0 is before the first commit.")
        private @Nullable Long after;

        @Option(names = "--from-now", description = "Only changes from now on. This is the default.")
        @SuppressWarnings("UnusedVariable") // The option names the default.
        private boolean fromNow;
    }

    @Command(
            header = "Print changes as they are committed, in commit order.",
            description =
                    "Ends when interrupted, or at @|bold --limit|@ or @|bold --for|@. Exits with 3 if changes after"
                            + " @|bold --after|@ were pruned.")
    default void watch(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "PREFIX",
                            description = "The prefix of the keys. Default: all keys.",
                            defaultValue = "")
                    String prefix,
            @ArgGroup @Nullable Start start,
            @Option(names = "--events", description = "Events of the streams with this prefix, instead of keys.")
                    boolean events,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            defaultValue = "" + Long.MAX_VALUE,
                            description = "The maximum number of changes. Default: all.")
                    long limit,
            @Option(
                            names = "--for",
                            paramLabel = "TIME",
                            defaultValue = "36500d",
                            description = "The time after which to end; changes committed until then are still printed."
                                    + " Default: until interrupted.")
                    Duration length)
            throws NotFoundException {
        watch(prefix, start == null ? null : start.after, events, limit, length);
    }

    private void watch(String prefix, @Nullable Long after, boolean events, long limit, Duration length)
            throws NotFoundException {
        if (limit < 1 || length.isNegative() || length.compareTo(LONGEST_WATCH) > 0) {
            throw new InvalidInputException("--limit is " + limit + " and --for is " + length
                    + "; --limit must be at least 1, and --for from zero to " + LONGEST_WATCH);
        }
        try (Store store = root().openExisting()) {
            Instant end = root().config().clock().instant().plus(length);
            if (events) {
                watch(store, ChangeSource.events(prefix, EventCodec.raw()), WATCHED_EVENTS, after, limit, end);
            } else {
                watch(store, ChangeSource.values(Prefix.text(prefix)), CHANGES, after, limit, end);
            }
        }
    }

    private <E> void watch(
            Store store, ChangeSource<E> source, Table<E> table, @Nullable Long after, long limit, Instant end) {
        Agent agent = root().agent(store);
        Output output = root().output();
        long position = after == null ? newest(store) : after;
        output.heading(WATCH_WIDTHS, table);
        for (long printed = 0; printed < limit && output.isTaken(); ) {
            Duration left = Duration.between(root().config().clock().instant(), end);
            Batch<E> batch = agent.feed().await(source, position, WATCH_BATCH, wait(left));
            for (E change : batch.changes()) {
                if (printed < limit) {
                    output.row(WATCH_WIDTHS, table, change);
                    printed++;
                }
            }
            position = batch.through();
            if (left.compareTo(Duration.ZERO) <= 0 && !batch.more()) {
                return;
            }
        }
    }

    private Duration wait(Duration left) {
        Duration longest = root().config().maxWait();
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(longest) < 0 ? left : longest;
    }

    private static long newest(Store store) {
        try (Snapshot now = store.snapshot()) {
            return now.sequence();
        }
    }
}
