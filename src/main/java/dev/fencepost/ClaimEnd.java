package dev.fencepost;

/** What ended a claim. */
public enum ClaimEnd {
    /** Its holder gave it back. */
    RELEASED("was released"),
    /** Its lease ran out, and somebody else wanted the key. */
    LEASE_EXPIRED("was taken over after its lease ran out"),
    /** It was held longer than its longest hold, and somebody else wanted the key. */
    HELD_TOO_LONG("was taken over after its longest hold"),
    /** The process that held it is gone. */
    HOLDER_DEAD("was taken over because its process is gone"),
    /** An operator took it away. */
    REVOKED("was revoked"),
    /** It is not known in this store: the token comes from another file, or from a history that was lost. */
    UNKNOWN("is not known in this store");

    private final String sentence;

    ClaimEnd(String sentence) {
        this.sentence = sentence;
    }

    /** What happened, to follow 'the claim'. */
    public String sentence() {
        return sentence;
    }
}
