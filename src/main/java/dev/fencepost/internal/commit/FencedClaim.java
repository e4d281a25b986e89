package dev.fencepost.internal.commit;

/** A claim that commits can depend on. */
public interface FencedClaim {
    /** Returns the fencing token of the claim. */
    FencingToken ref();

    /**
     * Marks the claim as ended by its holder in a commit that also did something else. No release is necessary any
     * more.
     */
    void ended();

    /**
     * Releases the claim after another failure. Waits for no lock, and throws nothing because of one. A release that is
     * impossible now is retried in the background.
     */
    void abandon();
}
