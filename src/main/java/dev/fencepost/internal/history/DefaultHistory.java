package dev.fencepost.internal.history;

import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.history.History;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.ReadDependency;
import dev.fencepost.history.RefusalRecord;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.Corruption;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.ProvenanceTables;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.TimeTables.Extent;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads the versions of keys. Safe for use by many threads. */
public final class DefaultHistory implements History {
    /** The most versions in memory at one time. */
    private static final int PAGE = 1_000;

    private final ReaderPool reads;

    public DefaultHistory(ReaderPool reads) {
        this.reads = reads;
    }

    @Override
    public <T> List<Change<T>> of(Key<T> key) {
        Arguments.required(key, "key");
        return of(key, Long.MAX_VALUE, Listing.versions(key.name()).whole());
    }

    @Override
    public <T> Page<Change<T>> of(Key<T> key, long before, int limit) {
        Arguments.required(key, "key");
        checkBefore("The history of '" + key + "'", before);
        return of(key, before, Listing.versions(key.name()).page(limit));
    }

    private <T> Page<Change<T>> of(Key<T> key, long before, Bounds bounds) {
        return reads.read(session -> new VersionTables(session).history(key.name(), before, bounds))
                .map(row -> row.change(key));
    }

    private static void checkBefore(String what, long before) {
        if (before < 1) {
            throw new InvalidInputException(what + " is read before number " + before
                    + "; it must be at least 1. To begin with the newest, use a large number");
        }
    }

    @Override
    public <T> VersionLookup<T> version(Key<T> key, long version) {
        Arguments.required(key, "key");
        if (version < 1) {
            throw new InvalidInputException("The version is " + version + "; it must be at least 1");
        }
        for (boolean again = false; ; again = true) {
            // The row is read first. If a version that existed is missing then, it has been pruned.
            Found found = reads.read(session -> new Found(
                    new VersionTables(session).version(key.name(), version),
                    new TimeTables(session).extent(key.name())));
            Extent extent = found.extent();
            if (found.row().isPresent()) {
                Change<T> change = found.row().get().change(key);
                return version == extent.newest()
                        ? new VersionLookup.Latest<>(change)
                        : new VersionLookup.Retained<>(change);
            } else if (extent.newest() == 0) {
                return new VersionLookup.NeverExisted<>(key);
            } else if (version < extent.keptFrom()) {
                return new VersionLookup.Pruned<>(key, version, extent.keptFrom());
            } else if (version > extent.newest()) {
                return new VersionLookup.NotYetWritten<>(key, version, extent.newest());
            } else if (again) {
                throw missing(
                        key,
                        version,
                        "between the versions " + extent.keptFrom() + " and " + extent.newest() + " that are retained");
            }
            // The version was committed between the two reads, so the next read finds it.
        }
    }

    private static UnusableStoreException missing(Key<?> key, long version, String where) {
        return Corruption.found("version " + version + " of '" + key + "' is missing, " + where);
    }

    private record Found(Optional<VersionRow> row, Extent extent) {}

    @Override
    public <T, R> R fold(Key<T> key, R initial, BiFunction<? super R, ? super Change<T>, ? extends R> step) {
        Arguments.required(key, "key");
        Arguments.required(initial, "initial");
        Arguments.required(step, "step");
        R folded = initial;
        long next = 1;
        while (true) {
            long from = next;
            Page<VersionRow> page =
                    reads.read(session -> new VersionTables(session).historyFrom(key.name(), from, Bounds.page(PAGE)));
            if (!page.isEmpty() && page.get(0).stamp().version() > from) {
                refuseIfPruned(key, from);
            }
            for (VersionRow row : page) {
                if (row.stamp().version() != next) {
                    throw missing(key, next, "before version " + row.stamp().version() + ", which is retained");
                }
                folded = step.apply(folded, row.change(key));
                if (folded == null) {
                    throw new InvalidInputException("The step of the fold returned null for version " + next + " of '"
                            + key + "'; return a state");
                }
                next = row.stamp().version() + 1;
            }
            if (!page.more()) {
                return folded;
            }
        }
    }

    private void refuseIfPruned(Key<?> key, long from) {
        long keptFrom = reads.read(session -> new TimeTables(session).extent(key.name()))
                .keptFrom();
        if (keptFrom > from) {
            throw new PrunedException("The versions of '" + key + "' are retained from version " + keptFrom
                    + " on; the fold begins with version " + from);
        }
    }

    @Override
    public <T> List<ReadDependency> dependencies(Key<T> key, long version) {
        Arguments.required(key, "key");
        return beliefs(key, version, 0, Listing.beliefs(key.name(), version).whole());
    }

    @Override
    public <T> Page<ReadDependency> dependencies(Key<T> key, long version, long after, int limit) {
        Arguments.required(key, "key");
        return beliefs(key, version, after, Listing.beliefs(key.name(), version).page(after, limit));
    }

    private <T> Page<ReadDependency> beliefs(Key<T> key, long version, long after, Bounds bounds) {
        long sequence = version(key, version).orThrow().stamp().sequence();
        return reads.read(session -> new ProvenanceTables(session).beliefs(sequence, after, bounds));
    }

    @Override
    public Page<RefusalRecord> refusals(long before, int limit) {
        checkBefore("The list of refusals", before);
        Bounds bounds = Listing.refusals().page(limit);
        return reads.read(session -> new ProvenanceTables(session).refusals(before, bounds));
    }
}
