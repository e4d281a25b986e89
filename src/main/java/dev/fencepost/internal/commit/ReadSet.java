package dev.fencepost.internal.commit;

import java.util.Set;

/**
 * What a transaction read, and where in the order of the store it stood. Reading an absent key is reading it; listing a
 * prefix is reading every key that could be in it, and reading a stream is reading its end.
 */
public record ReadSet(long sequence, Set<String> keys, Set<String> prefixes, Set<String> streams) {
    public ReadSet {
        keys = Set.copyOf(keys);
        prefixes = Set.copyOf(prefixes);
        streams = Set.copyOf(streams);
    }
}
