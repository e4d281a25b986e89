package dev.fencepost;

/** A call to a store that has been closed. */
public final class StoreClosedException extends FencepostException {
    private static final long serialVersionUID = 1;

    public StoreClosedException() {
        super("closed", false, "The store is closed. Open it again, or close it only after its last use", null);
    }
}
