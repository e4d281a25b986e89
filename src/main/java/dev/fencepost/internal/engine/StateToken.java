package dev.fencepost.internal.engine;

/** A mark of the state of a store. It differs after each commit; two that are equal mark the same state. */
public interface StateToken {
    /**
     * Returns whether exactly one commit lies between an earlier state of the same store and this one. The answer can
     * be wrongly false.
     */
    boolean isNextAfter(StateToken earlier);
}
