package dev.fencepost.cli;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.event.Batch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        header = "Print changes as they are committed, in commit order.",
        description =
                "Ends when interrupted, or at @|bold --limit|@ or @|bold --for|@. Exits with 3 if changes after @|bold"
                        + " --after|@ were pruned.")
final class WatchCommand implements Callable<Integer> {
    private static final int BATCH = 1_000;
    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final List<Integer> WIDTHS = List.of(8, 24, 12, 24, 7);

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "The prefix of the keys. Default: all keys.",
            defaultValue = "")
    private String prefix = "";

    @ArgGroup
    private Start start = new Start();

    /** The options for the start; at most one of these. */
    static final class Start {
        @Option(
                names = "--after",
                paramLabel = "SEQ",
                description = "The sequence number after which to begin; 0 is before the first commit.")
        private @Nullable Long after;

        @Option(names = "--from-now", description = "Only changes from now on. This is the default.")
        @SuppressWarnings("UnusedVariable") // The option names the default.
        private boolean fromNow;
    }

    @Option(names = "--events", description = "Events of the streams with this prefix, instead of keys.")
    private boolean events;

    @Option(names = "--limit", paramLabel = "N", description = "The maximum number of changes. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "The time after which to end; changes committed until then are still printed. Default: until"
                    + " interrupted.")
    private Duration length = FOR_EVER;

    WatchCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        if (limit < 1 || length.isNegative() || length.compareTo(FOR_EVER) > 0) {
            throw new InvalidInputException("--limit is " + limit + " and --for is " + length
                    + "; --limit must be at least 1, and --for from zero to " + FOR_EVER);
        }
        try (Store store = root.openExisting()) {
            if (events) {
                watch(
                        store,
                        ChangeSource.events(prefix, EventCodec.raw()),
                        "STREAM",
                        "NUMBER",
                        "BODY",
                        this::tellEvent);
            } else {
                watch(store, ChangeSource.values(Prefix.text(prefix)), "KEY", "VERSION", "VALUE", this::tellChange);
            }
            return Exit.DONE;
        }
    }

    private <E> void watch(
            Store store, ChangeSource<E> source, String name, String number, String text, Consumer<? super E> tell) {
        Agent agent = root.agent(store);
        Instant end = root.config().clock().instant().plus(length);
        long position = start.after == null ? newest(store) : start.after;
        root.output().heading(WIDTHS, List.of("SEQUENCE", "COMMITTED", "WRITER", name, number, text));
        for (long told = 0; told < limit && root.output().isTaken(); ) {
            Duration left = Duration.between(root.config().clock().instant(), end);
            Batch<E> batch = agent.feed().await(source, position, BATCH, wait(left));
            for (E change : batch.changes()) {
                if (told < limit) {
                    tell.accept(change);
                    told++;
                }
            }
            position = batch.through();
            if (left.compareTo(Duration.ZERO) <= 0 && !batch.more()) {
                return;
            }
        }
    }

    private Duration wait(Duration left) {
        Duration longest = root.config().maxWait();
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

    private void tellChange(Change<String> change) {
        root.output()
                .row(
                        Json.change(change),
                        WIDTHS,
                        List.of(
                                Long.toString(change.stamp().sequence()),
                                Json.time(change.stamp().committedAt()),
                                change.stamp().writer(),
                                change.key().name(),
                                Long.toString(change.stamp().version()),
                                change.value().map(Preview::of).orElse("(deleted)")));
    }

    private void tellEvent(Event<String> event) {
        root.output()
                .row(
                        TimeJson.event(event),
                        WIDTHS,
                        List.of(
                                Long.toString(event.sequence()),
                                Json.time(event.committedAt()),
                                event.writer(),
                                event.stream().name(),
                                Long.toString(event.number()),
                                Preview.of(event.body())));
    }
}
