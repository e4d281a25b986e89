package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.LostClaim;
import dev.fencepost.internal.sql.ProvenanceTables.Reason;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records refusals in the file, if provenance is enabled: the refused agent, the reasons and their cause. Each record
 * is a transaction of its own, after the refusal, which changed nothing.
 */
final class RefusalRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalRecorder.class);

    private final CommitQueue queue;
    private final boolean keeps;
    private volatile boolean some;

    RefusalRecorder(CommitQueue queue, boolean keeps) {
        this.queue = queue;
        this.keeps = keeps;
    }

    /** Records a refusal. A failure to do so does not affect the refused commit. */
    void refused(String agent, CommitDecision.Refused refused) {
        if (keeps) {
            keep(
                    agent,
                    refused.reasons().stream()
                            .map(reason -> new Reason(
                                    reason.kind().name().toLowerCase(Locale.ROOT),
                                    reason.name(),
                                    reason.by(),
                                    reason.bySequence(),
                                    reason.refusal().get().message()))
                            .toList());
        }
    }

    /** Records that an agent was fenced. */
    void fenced(String agent, List<LostClaim> lost) {
        if (keeps) {
            keep(
                    agent,
                    lost.stream()
                            .map(one -> new Reason(
                                    "fenced", one.key(), one.endedBy().orElse(null), 0, one.message()))
                            .toList());
        }
    }

    /** Waits until all refusals so far are recorded, if they can be. */
    void settle() {
        if (some) {
            // The queue is first in, first out, so all earlier tasks are done when this one is.
            queue.submit(scope -> true);
        }
    }

    private void keep(String agent, List<Reason> reasons) {
        some = true;
        queue.submitLater(scope -> {
                    long process = scope.process();
                    reasons.forEach(reason ->
                            scope.provenance().refused(scope.now(), scope.lastSequence(), process, agent, reason));
                    return true;
                })
                .whenComplete((done, failure) -> {
                    if (failure instanceof FencepostException) {
                        LOG.warn("Could not record refusals of {}: {}", agent, reasons, failure);
                    }
                });
    }
}
