package dev.fencepost.internal.commit;

/** A claim that commits can depend on. */
public interface FencedClaim {
    /** What the commit path needs to know of it. */
    FencingToken ref();

    /** Its holder has ended it, by a commit that did something else, too: there is nothing to give back any more. */
    void ended();

    /**
     * Gives the claim back after something else has failed: waits for no lock, and throws nothing because of one. What
     * cannot be done now is done in the background.
     */
    void abandon();
}
