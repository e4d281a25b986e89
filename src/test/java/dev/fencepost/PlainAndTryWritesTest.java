package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.OpenStoreTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The two forms of each write: the plain one throws a refusal, and the other returns it, for agents and claims alike. */
class PlainAndTryWritesTest extends OpenStoreTest {
    private static final Key<String> HELD = Key.text("held");
    private static final Key<String> FREE = Key.text("free");
    private static final EventStream<String> STREAM = EventStream.text("log");

    private Agent agent;
    private Claim holder;
    private Claim other;

    @BeforeEach
    void open() {
        agent = store.agent("a");
        Lease lease = Lease.of(Duration.ofMinutes(1));
        holder = agent.claim(HELD, lease).orThrow();
        other = agent.claim(Key.text("other"), lease).orThrow();
    }

    @AfterEach
    void close() {
        assertThat(store.get(HELD)).isEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void plainForm_onHeldKey_throws() {
        for (Writer writer : List.of(agent, other)) {
            assertThatThrownBy(() -> writer.put(HELD, "x")).isInstanceOf(ClaimedException.class);
            assertThatThrownBy(() -> writer.put(HELD, "x", Precondition.none())).isInstanceOf(ClaimedException.class);
            assertThatThrownBy(() -> writer.delete(HELD, Precondition.none())).isInstanceOf(ClaimedException.class);
            assertThatThrownBy(() -> writer.commit(WriteBatch.of().put(HELD, "x")))
                    .isInstanceOf(CommitRefusedException.class);
        }
    }

    @Test
    void tryForm_onHeldKey_returnsClaimed() {
        for (Writer writer : List.of(agent, other)) {
            assertThat(writer.tryPut(HELD, "x")).isInstanceOf(Claimed.class);
            assertThat(writer.tryPut(HELD, "x", Precondition.none())).isInstanceOf(Claimed.class);
            assertThat(writer.tryDelete(HELD, Precondition.none())).isInstanceOf(Claimed.class);
            assertThat(writer.tryCommit(WriteBatch.of().put(HELD, "x"))).isInstanceOf(CommitResult.Refused.class);
        }
    }

    @Test
    void bothForms_onFreeKey_agree() {
        for (Writer writer : List.of(agent, other)) {
            long version = writer.put(FREE, "x").version();
            assertThatThrownBy(() -> writer.put(FREE, "y", Precondition.ifAbsent()))
                    .isInstanceOf(ConflictException.class);
            assertThat(writer.tryPut(FREE, "y", Precondition.ifAbsent())).isInstanceOf(Conflict.class);
            assertThat(writer.delete(FREE).version()).isEqualTo(version + 1);
            assertThatThrownBy(() -> writer.delete(FREE)).isInstanceOf(ConflictException.class);
            assertThat(writer.tryDelete(FREE)).isInstanceOf(Conflict.class);
            assertThatThrownBy(() -> writer.appendAfter(STREAM, 9, List.of(NewEvent.of("x"))))
                    .isInstanceOf(StreamConflictException.class);
            assertThat(writer.tryAppendAfter(STREAM, 9, List.of(NewEvent.of("x"))))
                    .isInstanceOf(StreamConflict.class);
            assertThat(writer.append(STREAM, List.of(NewEvent.of("x"))).events())
                    .hasSize(1);
        }
    }

    @Test
    void bothForms_underLostClaim_throwFenced() {
        agent.revoke(HELD);
        for (Key<String> key : List.of(HELD, FREE)) {
            assertThatThrownBy(() -> holder.put(key, "x")).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> holder.tryPut(key, "x").isCommitted()).isInstanceOf(FencedException.class);
        }
        assertThatThrownBy(() -> holder.commit(WriteBatch.of().put(FREE, "x"))).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> holder.append(STREAM, NewEvent.of("x"))).isInstanceOf(FencedException.class);
    }
}
