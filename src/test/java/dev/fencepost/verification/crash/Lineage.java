package dev.fencepost.verification.crash;

import dev.fencepost.verification.crash.AcknowledgedOperations.Answer;
import dev.fencepost.verification.crash.AcknowledgedOperations.Line;
import dev.fencepost.verification.crash.AcknowledgedOperations.Work;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The histories from which a store descends, and the retained part of each. A restore retains the history of the backup
 * up to the backup, and begins another one. Immutable.
 *
 * @param former the histories before the present one
 * @param present the {@linkplain dev.fencepost.Store#id() ID} of the present history; empty if every history counts
 */
record Lineage(List<Former> former, String present) {
    /** The lineage that includes the operations of every history. */
    static final Lineage ANY = new Lineage(List.of(), "");

    /** The expected presence of an operation. */
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

    /** Returns the expected presence of an operation that was not refused. */
    Presence presence(Work work) {
        if (isPresent(work.begun())) {
            return work.answer() == Answer.ACKNOWLEDGED && !work.late() ? Presence.REQUIRED : Presence.ALLOWED;
        }
        return formerOf(work.begun()).map(one -> one.presence(work)).orElse(Presence.FORBIDDEN);
    }

    /** Returns the highest sequence that a row of an operation can have. */
    long newest(Work work) {
        return isPresent(work.begun())
                ? Long.MAX_VALUE
                : formerOf(work.begun()).map(Former::newest).orElse(0L);
    }

    /** Tells whether the store contains the outcome that a line reports. */
    boolean keeps(Line line) {
        return isPresent(line)
                || formerOf(line).filter(one -> line.isBefore(one.before())).isPresent();
    }
}
