package dev.fencepost.internal.engine;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Messages between the processes that have the store open. They are a hint: a message can be lost, so its receiver must
 * find out in time without it. Safe for use by many threads.
 */
public interface ProcessMessages extends AutoCloseable {
    /** The length of the longest message, in bytes. */
    int MAX_BYTES = 1024;

    /**
     * Begins to receive messages, unless this process does so already.
     *
     * @param process the number of this process in the store
     * @param receiver handles each message, on one thread, and must be quick
     * @return whether messages arrive from now on; false if the platform or the place of the store has none
     */
    boolean receive(long process, Consumer<ByteBuffer> receiver);

    /**
     * Sends a message without waiting. It is lost if its receiver has not begun, has ended, or is far behind.
     *
     * @param process the number of the receiving process in the store
     */
    void send(long process, ByteBuffer message);

    /** Ends the reception. */
    @Override
    void close();
}
