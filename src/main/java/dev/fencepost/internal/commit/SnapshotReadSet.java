package dev.fencepost.internal.commit;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Snapshot;
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A snapshot that commits can be based on. */
public interface SnapshotReadSet {
    /** Returns the reads made through it so far. */
    ReadSet reads();

    /** Returns the random ID of its store. */
    String storeId();

    /**
     * Returns the read set of a commit that is based on a snapshot: the snapshot's reads, and all that the commit
     * writes.
     */
    static ReadSet of(Snapshot snapshot, String storeId, List<EncodedWrite<?>> writes, List<EncodedAppend<?>> appends) {
        if (!(snapshot instanceof SnapshotReadSet basis)) {
            throw new InvalidInputException(
                    "The snapshot was not created by this library; use the object that the store returned");
        }
        if (!basis.storeId().equals(storeId)) {
            throw new InvalidInputException("The snapshot belongs to the store " + basis.storeId()
                    + ", and the commit is for the store " + storeId + "; use a snapshot of the same store");
        }
        ReadSet read = basis.reads();
        Set<String> keys = new HashSet<>(read.keys());
        writes.forEach(write -> keys.add(write.key().name()));
        Set<String> streams = new HashSet<>(read.streams());
        appends.forEach(append -> streams.add(append.stream().name()));
        return new ReadSet(read.sequence(), keys, read.prefixes(), streams);
    }
}
