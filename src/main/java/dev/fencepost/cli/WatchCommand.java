package dev.fencepost.cli;

import dev.fencepost.Agent;
import dev.fencepost.Batch;
import dev.fencepost.Change;
import dev.fencepost.ChangeSource;
import dev.fencepost.Event;
import dev.fencepost.EventCodec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
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
        header = "Print each change as it comes, in the order of commits.",
        description =
                "Until it is interrupted, or as far as @|bold --limit|@ and @|bold --for|@ say. Exits with 3 if some"
                        + " of what comes after @|bold --after|@ is no longer kept.")
final class WatchCommand implements Callable<Integer> {
    private static final int BATCH = 1_000;
    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final List<Integer> WIDTHS = List.of(8, 24, 12, 24, 7);

    private final RootCommand root;

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "What the keys begin with. Default: every key.",
            defaultValue = "")
    private String prefix = "";

    @ArgGroup
    private Start start = new Start();

    /** The options for the start; at most one of these. */
    static final class Start {
        @Option(
                names = "--after",
                paramLabel = "SEQ",
                description = "Begin after this place in the order of commits; 0 is the very beginning.")
        private @Nullable Long after;

        @Option(names = "--from-now", description = "Only what comes from now on. This is the default.")
        @SuppressWarnings("UnusedVariable") // The option names the default.
        private boolean fromNow;
    }

    @Option(names = "--events", description = "Events of the streams with this prefix, in place of keys.")
    private boolean events;

    @Option(names = "--limit", paramLabel = "N", description = "Only so many changes. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Only for so long; what there is by then is still printed. Default: until it is interrupted.")
    private Duration length = FOR_EVER;

    WatchCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        if (limit < 1 || length.isNegative() || length.compareTo(FOR_EVER) > 0) {
            throw new InvalidInputException("To be watched are " + limit + " changes for " + length
                    + "; it must be at least 1, and from zero to " + FOR_EVER);
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
