package dev.fencepost.internal.sql;

/**
 * The identity of one attempt to commit. No two attempts have the same process and ordinal, in this file or in a copy
 * of it, because the number of a process is random.
 *
 * @param process the number of the process that made the attempt; 0 for an edit at a SQL prompt
 * @param ordinal the number of the attempt among those of the process
 * @param sequence the sequence that the commit has if it was applied
 */
public record CommitIdentity(long process, long ordinal, long sequence) {
    @Override
    public String toString() {
        return process + "." + ordinal + "@" + sequence;
    }
}
