package dev.fencepost.proof.torture;

import dev.fencepost.proof.torture.AcknowledgedOperations.Answer;
import dev.fencepost.proof.torture.AcknowledgedOperations.Line;
import dev.fencepost.proof.torture.AcknowledgedOperations.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The histories from which a store descends, and how far each of them is kept: a restore keeps the history of the backup
 * up to the backup, and begins another. Immutable.
 *
 * @param former the histories before the present one
 * @param present the {@linkplain dev.fencepost.Store#id() id} of the present history; empty if every history counts
 */
record Lineage(List<Former> former, String present) {
    /** Expects the works of every history. */
    static final Lineage ANY = new Lineage(List.of(), "");

    /** An expectation of a work. */
    enum Presence {
        REQUIRED,
        ALLOWED,
        FORBIDDEN
    }

    /**
     * A history that ended with a copy of the store.
     *
     * @param newest the sequence of the newest commit in the copy
     * @param before the lengths of the ledgers before the copy was made
     * @param after their lengths when it was complete
     */
    record Former(String history, long newest, Map<String, Long> before, Map<String, Long> after) {
        private Presence presence(Work work) {
            boolean acknowledged = work.answer() == Answer.ACKNOWLEDGED;
            if (acknowledged && work.sequence() > 0) {
                return work.sequence() <= newest ? Presence.REQUIRED : Presence.FORBIDDEN;
            }
            if (!work.begun().isBefore(after)) {
                return Presence.FORBIDDEN;
            }
            return acknowledged && work.answered().isBefore(before) ? Presence.REQUIRED : Presence.ALLOWED;
        }
    }

    private Optional<Former> formerOf(Line line) {
        return former.stream()
                .filter(one -> one.history().equals(line.history()))
                .findFirst();
    }

    private boolean isPresent(Line line) {
        return present.isEmpty() || present.equals(line.history());
    }

    /** Returns the expectation of a work that was not refused. */
    Presence presence(Work work) {
        if (isPresent(work.begun())) {
            return work.answer() == Answer.ACKNOWLEDGED && !work.late() ? Presence.REQUIRED : Presence.ALLOWED;
        }
        return formerOf(work.begun()).map(one -> one.presence(work)).orElse(Presence.FORBIDDEN);
    }

    /** Returns the highest sequence that a row of a work can have. */
    long newest(Work work) {
        return isPresent(work.begun())
                ? Long.MAX_VALUE
                : formerOf(work.begun()).map(Former::newest).orElse(0L);
    }

    /** Tells whether the outcome that a line reports is that of the store. */
    boolean keeps(Line line) {
        return isPresent(line)
                || formerOf(line).filter(one -> line.isBefore(one.before())).isPresent();
    }
}
