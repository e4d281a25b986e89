package dev.fencepost.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The number of a process, which is valid only after its transaction has committed. */
class ProcessRegistrationTest {
    private final ProcessRegistration identity = new ProcessRegistration(new ProcessProbe().own());
    private int registrations;

    private long number() {
        return identity.number(() -> 10 + ++registrations);
    }

    @Test
    void transaction_registersOnce() {
        assertThat(number()).isEqualTo(11);
        assertThat(number()).isEqualTo(11);
        assertThat(identity.confirmed()).isEmpty();
    }

    @Test
    void committedNumber_isKept() {
        number();
        identity.confirm();
        assertThat(identity.confirmed()).contains(11L);
        identity.confirm();
        identity.forget();
        assertThat(identity.confirmed()).contains(11L);
        assertThat(number()).isEqualTo(11);
        assertThat(registrations).isEqualTo(1);
    }

    @Test
    void rolledBackRegistration_isRepeated() {
        number();
        identity.forget();
        identity.confirm();
        assertThat(identity.confirmed()).isEmpty();
        assertThat(number()).isEqualTo(12);
    }

    @Test
    void attempts_haveDistinctNumbers_exceptUntriedOnes() {
        assertThat(identity.nextOrdinal()).isEqualTo(1);
        assertThat(identity.nextOrdinal()).isEqualTo(2);
        identity.notTried();
        assertThat(identity.nextOrdinal()).isEqualTo(2);
    }
}
