package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.history.PrunedException;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The point in time as of which a command reads, if not now. */
final class AsOfOption {
    @Option(
            names = "--at",
            paramLabel = "WHEN",
            description =
                    "The point in time to show: a sequence number, a time such as 2026-11-21T10:00:00Z (local without"
                            + " an offset), or an age such as 2h. Default: now.")
    private @Nullable PointInTime when;

    /**
     * Reads from a snapshot of the past if a point in time is given, and from the present store otherwise.
     *
     * @param asked the requested object, for the JSON of a refusal because it was pruned
     */
    <R> AsOf<R> read(RootCommand root, Store store, ObjectNode asked, Function<Snapshot, R> then, Supplier<R> now)
            throws NotFoundException {
        if (when == null) {
            try {
                return AsOf.now(now.get());
            } catch (PrunedException e) {
                throw NotFoundException.noLongerKept(e, asked);
            }
        }
        try (Snapshot snapshot = when.open(store, root.config().clock())) {
            try {
                return new AsOf<>(OptionalLong.of(snapshot.sequence()), then.apply(snapshot));
            } catch (PrunedException e) {
                throw NotFoundException.noLongerKept(e, asked.put("asOf", snapshot.sequence()));
            }
        }
    }
}
