package dev.fencepost.internal.txn;

/** A claim that commits can depend on. */
public interface Fencing {
    /** What the commit path needs to know of it. */
    ClaimRef ref();

    /** Its holder has ended it, by a commit that did something else, too: there is nothing to give back any more. */
    void ended();
}
