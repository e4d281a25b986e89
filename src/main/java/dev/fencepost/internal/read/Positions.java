package dev.fencepost.internal.read;

import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.VersionTables;
import java.util.Optional;

/**
 * The positions of one store. Creates them, and recognises those of a history that the store lost. Safe for use by many
 * threads.
 */
public final class Positions {
    private final String storeId;
    private final HighWaterMark highWater;
    private final ReaderPool reads;
    /** The position that was verified last. Agents often read at least the same one again. */
    private volatile Optional<Position> verified = Optional.empty();

    public Positions(String storeId, HighWaterMark highWater, ReaderPool reads) {
        this.storeId = storeId;
        this.highWater = highWater;
        this.reads = reads;
    }

    /** Returns the position of the newest commit that this store has seen. */
    public Position newest() {
        return of(highWater.newest());
    }

    /** Returns the position of a commit of the store. */
    public Position of(CommitIdentity commit) {
        return new Position(storeId, commit.sequence(), mark(commit));
    }

    /**
     * Refuses a position whose commit is not the one that the store has in that place. Accepts a position that carries
     * no mark, is of another store, or is ahead of the store.
     *
     * @throws LostHistoryException if the store has another commit there
     * @throws UnusableStoreException if the file does not have the commit that this store has seen last
     */
    public void verify(Position position) {
        if (position.mark() == 0
                || !position.storeId().equals(storeId)
                || verified.map(position::equals).orElse(false)) {
            return;
        }
        // Does not note the newest commit of the file, since the cached state may be fresh enough for the caller.
        Optional<CommitIdentity> commit = reads.readUnverified(session -> {
            VersionTables values = new VersionTables(session);
            highWater.verify(values);
            Optional<CommitIdentity> there = values.commitAt(position.sequence());
            if (there.isEmpty() && position.sequence() <= values.lastSequence()) {
                throw lost(position, "no commit");
            }
            return there;
        });
        if (commit.isEmpty()) {
            return;
        }
        if (mark(commit.get()) != position.mark()) {
            throw lost(position, "commit " + commit.get());
        }
        verified = Optional.of(position);
    }

    private static LostHistoryException lost(Position position, String there) {
        return new LostHistoryException("The position " + position + " belongs to a history that this store lost:"
                + " the store has " + there + " at that sequence. Get a new position from the store");
    }

    /** Returns a number that differs for different commits, except for one pair in 2 to the power of 64. */
    private static long mark(CommitIdentity commit) {
        if (commit.sequence() == 0) {
            return 0;
        }
        // The finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood: 'Fast Splittable Pseudorandom Number Generators',
        // 2014).
        long mixed = commit.process() * 0x9e3779b97f4a7c15L + commit.ordinal();
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        mixed ^= mixed >>> 31;
        return mixed == 0 ? 1 : mixed;
    }
}
