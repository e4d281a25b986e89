package dev.fencepost.internal.claim;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.engine.ProcessMessages;
import dev.fencepost.internal.sql.WaiterRow;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The waiting requests of this process, and the way by which a grant reaches a request of this or another process. A
 * grant to another process travels in a message, which can be lost. Safe for use by many threads.
 */
final class WaitingRequests implements AutoCloseable {
    /** A request, and the place where its grant arrives. */
    private record Waiting(ClaimAttempt.ClaimSpec spec, GrantSignal signal) {}

    private static final int HEXADECIMAL = 16;
    private static final int HEAD_BYTES = 4 * Long.BYTES;

    private final Grants grants;
    private final ProcessMessages messages;
    private final InstantSource clock;
    private final long maxAgeMillis;
    private final Map<String, Waiting> byNonce = new ConcurrentHashMap<>();

    WaitingRequests(Grants grants, ProcessMessages messages, StoreConfig config) {
        this.grants = grants;
        this.messages = messages;
        this.clock = config.clock();
        this.maxAgeMillis = config.heartbeat().toMillis();
    }

    /** Adds a request. Must be called before it is queued, since its grant can follow at once. */
    GrantSignal add(ClaimAttempt.ClaimSpec spec) {
        GrantSignal signal = new GrantSignal();
        byNonce.put(spec.nonce(), new Waiting(spec, signal));
        return signal;
    }

    /** Removes a request that does not wait any more. */
    void remove(ClaimAttempt.ClaimSpec spec) {
        byNonce.remove(spec.nonce());
    }

    /** Returns whether no request waits now. */
    boolean isEmpty() {
        return byNonce.isEmpty();
    }

    /** Returns the requests that wait now. */
    Collection<ClaimAttempt.ClaimSpec> all() {
        return byNonce.values().stream().map(Waiting::spec).toList();
    }

    /**
     * Begins to receive grants that other processes make.
     *
     * @param process the number of this process
     * @return whether such grants arrive
     */
    boolean hears(long process) {
        return messages.receive(process, this::receive);
    }

    /** Tells a request of this process that it was granted. */
    void granted(WaiterRow request, FencingToken claim) {
        Waiting waiting = byNonce.get(request.nonce());
        if (waiting != null) {
            waiting.signal().deliver(request.ticket(), claim);
        }
    }

    /**
     * Tells a request of another process that it was granted.
     *
     * @param now the time of the grant, in milliseconds since 1970
     */
    void send(WaiterRow request, FencingToken claim, long now) {
        ByteBuffer message = ByteBuffer.allocate(
                        HEAD_BYTES + Long.BYTES * claim.keys().size())
                .putLong(Long.parseUnsignedLong(request.nonce(), HEXADECIMAL))
                .putLong(request.ticket())
                .putLong(claim.token().claim())
                .putLong(now);
        claim.keys().forEach(key -> message.putLong(key.epoch()));
        messages.send(request.holder().process(), message.flip());
    }

    private void receive(ByteBuffer message) {
        if (message.remaining() < HEAD_BYTES) {
            return;
        }
        String nonce = String.format("%016x", message.getLong());
        long ticket = message.getLong();
        long claim = message.getLong();
        long age = clock.millis() - message.getLong();
        Waiting waiting = byNonce.get(nonce);
        if (waiting == null) {
            return;
        }
        List<String> keys = waiting.spec().keys();
        if (message.remaining() == Long.BYTES * keys.size() && age >= 0 && age <= maxAgeMillis) {
            List<FencingToken.KeyEpoch> epochs = new ArrayList<>();
            keys.forEach(key -> epochs.add(new FencingToken.KeyEpoch(key, message.getLong())));
            waiting.signal().deliver(ticket, grants.token(claim, nonce, epochs));
        } else {
            // This process was stopped, so the claim may have ended. The waiter looks in the file.
            waiting.signal().wake();
        }
    }

    /** Ends the reception, and wakes all waiting threads, so that they find the store closed. */
    @Override
    public void close() {
        messages.close();
        byNonce.values().forEach(waiting -> waiting.signal().wake());
    }
}
