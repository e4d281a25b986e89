package dev.fencepost.internal.commit;

import java.util.Set;

/**
 * The read set of a transaction, as of a sequence. It includes absent keys that were read. A listed prefix is a read of
 * every key that it could contain, and a stream is a read of its end.
 */
public record ReadSet(long sequence, Set<String> keys, Set<String> prefixes, Set<String> streams) {
    public ReadSet {
        keys = Set.copyOf(keys);
        prefixes = Set.copyOf(prefixes);
        streams = Set.copyOf(streams);
    }
}
