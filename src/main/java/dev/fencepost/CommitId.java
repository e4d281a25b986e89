package dev.fencepost;

/**
 * The name of one attempt to commit, by which its outcome can be found out later.
 *
 * @param process the number in this store of the process that made the attempt
 * @param ordinal which of that process's attempts it was
 * @param sequence the place in the order of the store that it takes if it was applied
 */
public record CommitId(long process, long ordinal, long sequence) {
    @Override
    public String toString() {
        return process + "." + ordinal + "@" + sequence;
    }
}
