package dev.fencepost.internal.txn;

/**
 * One change that wants to be committed. It looks at the file inside the write transaction, decides, and either writes or
 * says why not; whoever refuses must not have written anything.
 *
 * <p>It runs on the thread of whichever caller leads the batch, with the write lock held: so it must be quick, must not
 * run anybody else's code, and must not submit members itself. If it throws, nothing of it is kept, and its caller gets
 * what it threw.
 */
@FunctionalInterface
public interface Member<R> {
    /** Judges and applies. */
    R apply(WriteScope scope);
}
