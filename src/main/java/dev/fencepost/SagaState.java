package dev.fencepost;

/** Where a saga stands. */
public enum SagaState {
    /** Its steps are being carried out. */
    RUNNING("running"),
    /** A step has failed for good, or somebody asked for its end: what was done is being undone. */
    COMPENSATING("compensating"),
    /** It cannot go on by itself; its journal says why. An operator retries, skips or resolves. */
    STUCK("stuck"),
    /** All its steps are done. */
    COMPLETED("completed"),
    /** All that was done, and had to be, has been undone. */
    COMPENSATED("compensated"),
    /** An operator has ended it by hand. */
    RESOLVED("resolved");

    private final String word;

    SagaState(String word) {
        this.word = word;
    }

    /** As it stands in the file. */
    public String word() {
        return word;
    }

    /** The state of this word. */
    public static SagaState of(String word) {
        for (SagaState state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        throw new InvalidInputException("'" + word + "' is no state of a saga");
    }

    /** Whether nothing comes after it. */
    public boolean ended() {
        return this == COMPLETED || this == COMPENSATED || this == RESOLVED;
    }
}
