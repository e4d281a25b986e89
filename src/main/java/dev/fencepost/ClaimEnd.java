package dev.fencepost;

/** The reason why a claim ended. */
public enum ClaimEnd {
    /** The release by the holder. */
    RELEASED("was released"),
    /** A takeover by another holder after the lease ran out. */
    LEASE_EXPIRED("was taken over after its lease expired"),
    /** A takeover by another holder after the longest hold. */
    HELD_TOO_LONG("was taken over after its maximum hold"),
    /** A takeover because the holder's process is gone. */
    HOLDER_DEAD("was taken over because its process exited"),
    /** A revocation by an operator. */
    REVOKED("was revoked"),
    /** A claim that the store does not know: its token comes from another file, or from a lost history. */
    UNKNOWN("is unknown in this store");

    private final String sentence;

    ClaimEnd(String sentence) {
        this.sentence = sentence;
    }

    /** Returns the reason as the end of a sentence that begins with "the claim". */
    public String sentence() {
        return sentence;
    }
}
