package dev.fencepost.internal.process;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The identity of this process in the file. It has no row there until its first write, so that reading leaves no trace.
 * Only the leader of the commit queue changes it.
 */
public final class ProcessRegistration {
    private final ProcessFingerprint facts;
    private volatile Optional<Long> number = Optional.empty();
    private Optional<Long> unconfirmed = Optional.empty();
    private long ordinal;

    public ProcessRegistration(ProcessFingerprint facts) {
        this.facts = facts;
    }

    public ProcessFingerprint facts() {
        return facts;
    }

    /** Returns the number of this process. Registers the process within the present transaction if it has none. */
    public long number(LongSupplier register) {
        if (number.isPresent()) {
            return number.get();
        }
        if (unconfirmed.isEmpty()) {
            unconfirmed = Optional.of(register.getAsLong());
        }
        return unconfirmed.get();
    }

    /** Returns the number of the next attempt to commit. It is never reused, even if the attempt is rolled back. */
    public long nextOrdinal() {
        return ++ordinal;
    }

    /** Returns the last number for reuse, since its attempt certainly left nothing in the file. */
    public void notTried() {
        ordinal--;
    }

    /** Confirms the registration, since its transaction has been committed. */
    public void confirm() {
        if (unconfirmed.isPresent()) {
            number = unconfirmed;
            unconfirmed = Optional.empty();
        }
    }

    /** Forgets the registration, since its transaction was rolled back. */
    public void forget() {
        unconfirmed = Optional.empty();
    }

    /** Returns the number of this process, if its row is in the file. */
    public Optional<Long> confirmed() {
        return number;
    }
}
