package dev.fencepost.internal.txn;

import java.util.Set;

/**
 * What a transaction read, and where in the order of the store it stood. Reading an absent key is reading it; listing a
 * prefix is reading every key that could be in it.
 */
record ReadSet(long sequence, Set<String> keys, Set<String> prefixes) {
    ReadSet {
        keys = Set.copyOf(keys);
        prefixes = Set.copyOf(prefixes);
    }
}
