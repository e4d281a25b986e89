package dev.fencepost;

/** A call to a store that has been closed. */
public final class StoreClosedException extends FencepostException {
    private static final long serialVersionUID = 1;

    public StoreClosedException() {
        super("closed", false, "The store is closed; open it again, or keep it open for as long as it is used", null);
    }
}
