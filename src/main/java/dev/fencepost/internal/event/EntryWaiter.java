package dev.fencepost.internal.event;

import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The wait of one reader for entries of the log. When a commit is notified, the notifying thread reads for the waiter,
 * which then only takes the entries. Used by one waiter, and safe for use by many notifying threads.
 */
final class EntryWaiter {
    /** The longest time between checks if the notifier reports commits; a quarter of it otherwise. */
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final LongFunction<ChangeReader.Entries> reader;
    private final AtomicLong position;
    private final AtomicReference<ChangeReader.@Nullable Entries> found = new AtomicReference<>();

    /**
     * Creates a wait.
     *
     * @param reader reads the entries after a sequence; its result reaches as far as it has searched
     * @param after the sequence after which to begin
     */
    EntryWaiter(LongFunction<ChangeReader.Entries> reader, long after) {
        this.reader = reader;
        this.position = new AtomicLong(after);
    }

    /** Waits for entries; returns no entries if there are none at the deadline. */
    ChangeReader.Entries await(CommitNotifier notifier, Deadline deadline) {
        try (CommitNotifier.Listener listener = notifier.listen(List.of(), this::find)) {
            while (true) {
                boolean last = deadline.over();
                ChangeReader.Entries entries = found.get();
                if (entries == null) {
                    entries = next();
                }
                if (!entries.isEmpty() || last) {
                    return entries;
                }
                sleep(deadline, listener);
            }
        }
    }

    /** Waits for a notification of commits, or for at most one interval. */
    static void sleep(Deadline deadline, CommitNotifier.Listener listener) {
        deadline.sleepJittered(listener.hears() ? INTERVAL : INTERVAL.dividedBy(4), listener, "for changes");
    }

    private boolean find() {
        ChangeReader.Entries entries = next();
        if (!entries.isEmpty()) {
            found.set(entries);
        }
        return !entries.isEmpty();
    }

    /** Reads the next entries. The sequences that were searched in vain are not searched again. */
    private ChangeReader.Entries next() {
        ChangeReader.Entries entries = reader.apply(position.get());
        if (entries.isEmpty()) {
            position.accumulateAndGet(entries.through(), Math::max);
        }
        return entries;
    }
}
