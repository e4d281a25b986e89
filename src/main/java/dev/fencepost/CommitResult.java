package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** How a commit of several writes ended. */
public sealed interface CommitResult {
    /**
     * All of it was applied, at one place in the order of the store.
     *
     * @param writes the versions that were written
     * @param appends where the events stand, for each stream
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

    /** None of it was applied; every member that failed is named. */
    record Refused(List<Refusal> refusals) implements CommitResult {
        public Refused {
            refusals = List.copyOf(refusals);
        }

        @Override
        public Applied orThrow() {
            throw new CommitRefusedException(refusals);
        }

        /** One line for each refusal. */
        public String message() {
            return refusals.stream().map(Refusal::message).collect(Collectors.joining("; "));
        }
    }

    /**
     * The applied commit.
     *
     * @throws CommitRefusedException if it was refused
     */
    Applied orThrow();
}
