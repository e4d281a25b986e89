package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** The result of a commit of several writes. */
public sealed interface CommitResult {
    /**
     * An applied commit. All of its writes have the same sequence.
     *
     * @param writes the versions that were written
     * @param appends the appended events, for each stream
     */
    record Applied(List<Committed<?>> writes, List<Appended<?>> appends) implements CommitResult {
        public Applied {
            writes = List.copyOf(writes);
            appends = List.copyOf(appends);
        }

        @Override
        public Applied orThrow() {
            return this;
        }
    }

    /** A refused commit. None of it was applied; the refusals name every member that failed. */
    record Refused(List<Refusal> refusals) implements CommitResult {
        public Refused {
            refusals = List.copyOf(refusals);
        }

        @Override
        public Applied orThrow() {
            throw new CommitRefusedException(refusals);
        }

        /** Returns the messages of all refusals in one line, separated by semicolons. */
        public String message() {
            return refusals.stream().map(Refusal::message).collect(Collectors.joining("; "));
        }
    }

    /**
     * Returns the applied commit.
     *
     * @throws CommitRefusedException if it was refused
     */
    Applied orThrow();
}
