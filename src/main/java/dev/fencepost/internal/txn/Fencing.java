package dev.fencepost.internal.txn;

/** A claim that commits can depend on. */
public interface Fencing {
    /** What the commit path needs to know of it. */
    ClaimRef ref();
}
