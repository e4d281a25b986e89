package dev.fencepost.sagas;

/** The systems outside the store. They execute named actions under an idempotency key and answer. */
@FunctionalInterface
interface ExternalWorld {
    /**
     * Executes an action.
     *
     * @param what the action, such as 'charge', 'refund' or 'probe-charge'
     * @param key the idempotency key
     * @param attempt the number of the attempt
     */
    String ask(String what, String key, int attempt);
}
