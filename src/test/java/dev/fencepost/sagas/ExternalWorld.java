package dev.fencepost.sagas;

/** The world outside of the store: does something by a name, under a key, and answers. */
@FunctionalInterface
interface ExternalWorld {
    /**
     * Asks for it.
     *
     * @param what such as 'charge', 'refund' or 'probe-charge'
     * @param key the idempotency key
     * @param attempt the number of the attempt
     */
    String ask(String what, String key, int attempt);
}
