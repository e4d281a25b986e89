package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.engine.ProcessMessages;
import dev.fencepost.internal.sql.WaiterRow;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages about grants that other processes made. */
class WaitingRequestsTest extends ClaimFixture {
    private static final long PROCESS = 5;
    private static final long TICKET = 7;

    private final List<Consumer<ByteBuffer>> receivers = new ArrayList<>();
    private WaitingRequests waiting;
    private ClaimAttempt.ClaimSpec spec;
    private GrantSignal signal;
    private WaiterRow request;
    private FencingToken granted;

    private final class Loop implements ProcessMessages {
        @Override
        public boolean receive(long process, Consumer<ByteBuffer> receiver) {
            return receivers.add(receiver);
        }

        @Override
        public void send(long process, ByteBuffer message) {
            assertThat(process).isEqualTo(PROCESS);
            receivers.forEach(receiver -> receiver.accept(message.duplicate()));
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void begin() {
        StoreConfig config =
                StoreConfig.of(folder.resolve("a.db")).withClock(clock).withHeartbeat(BEAT);
        waiting = new WaitingRequests(claims.grants, new Loop(), config);
        assertThat(waiting.hears(PROCESS)).isTrue();
        spec = spec(1, LONG, List.of("a", "b"));
        signal = waiting.add(spec);
        request = spec.request(PROCESS, 0).with(TICKET);
        granted = claims.grants.token(
                9, spec.nonce(), List.of(new FencingToken.KeyEpoch("a", 3), new FencingToken.KeyEpoch("b", 4)));
    }

    private boolean isWoken() throws InterruptedException {
        return signal.await(0);
    }

    @Test
    void message_deliversTheWholeClaim() throws InterruptedException {
        waiting.send(request, granted, clock.millis());
        assertThat(signal.claimFor(TICKET)).contains(granted);
        assertThat(isWoken()).isTrue();
    }

    @Test
    void lateMessage_onlyWakes() throws InterruptedException {
        waiting.send(request, granted, clock.millis() - BEAT.toMillis() - 1);
        assertThat(signal.claimFor(TICKET)).isEmpty();
        assertThat(isWoken()).isTrue();
        waiting.send(request, granted, clock.millis() - BEAT.toMillis());
        assertThat(signal.claimFor(TICKET)).isPresent();
    }

    @Test
    void messageFromTheFuture_onlyWakes() throws InterruptedException {
        waiting.send(request, granted, clock.millis() + 1);
        assertThat(signal.claimFor(TICKET)).isEmpty();
        assertThat(isWoken()).isTrue();
    }

    @Test
    void messageForNoRequest_isIgnored() throws InterruptedException {
        waiting.remove(spec);
        waiting.send(request, granted, clock.millis());
        receivers.get(0).accept(ByteBuffer.allocate(3));
        assertThat(isWoken()).isFalse();
        assertThat(signal.claimFor(TICKET)).isEmpty();
    }

    @Test
    void closing_wakesAllWaiters() throws InterruptedException {
        waiting.close();
        assertThat(isWoken()).isTrue();
    }
}
