package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who this process is in the file. It has no row there until it first writes, so that looking leaves no trace. Changed
 * only by the leader of the commit queue.
 */
final class ProcessRegistration {
    private final ProcessFingerprint facts;
    private volatile Optional<Long> number = Optional.empty();
    private Optional<Long> unconfirmed = Optional.empty();
    private long ordinal;

    ProcessRegistration(ProcessFingerprint facts) {
        this.facts = facts;
    }

    ProcessFingerprint facts() {
        return facts;
    }

    /** The number of this process, registering it within the present transaction if it has none. */
    long number(LongSupplier register) {
        if (number.isPresent()) {
            return number.get();
        }
        if (unconfirmed.isEmpty()) {
            unconfirmed = Optional.of(register.getAsLong());
        }
        return unconfirmed.get();
    }

    /** Names the next attempt to commit; never names two alike, even when an attempt is rolled back. */
    long nextOrdinal() {
        return ++ordinal;
    }

    /** The name given last was not tried after all: it certainly left nothing, and names the next attempt. */
    void notTried() {
        ordinal--;
    }

    /** The transaction in which the process was registered has been committed. */
    void confirm() {
        if (unconfirmed.isPresent()) {
            number = unconfirmed;
            unconfirmed = Optional.empty();
        }
    }

    /** The transaction in which the process was registered was rolled back. */
    void forget() {
        unconfirmed = Optional.empty();
    }

    /** The number of this process, if its row is in the file. */
    Optional<Long> confirmed() {
        return number;
    }
}
