package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.history.ReadDependency.Kind;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.ProvenanceTables;
import dev.fencepost.internal.sql.ProvenanceTables.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records provenance in the file, if it is enabled: the dependencies of a commit, and refusals with their reasons and
 * causes. The dependencies are a part of their commit. Each refusal is a transaction of its own, since the refused
 * commit changed nothing.
 */
final class ProvenanceRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(ProvenanceRecorder.class);

    private final CommitQueue queue;
    private final boolean keeps;
    private volatile boolean some;

    ProvenanceRecorder(CommitQueue queue, boolean keeps) {
        this.queue = queue;
        this.keeps = keeps;
    }

    /** Records the dependencies of a commit: the reads of its transaction, and its preconditions. */
    static void note(CommitRequest request, Map<EncodedWrite<?>, KeyRow> rows, long sequence, WriteTransaction scope) {
        ProvenanceTables tables = scope.provenance();
        request.reads().ifPresent(reads -> {
            reads.keys().forEach(key -> tables.rests(sequence, Kind.KEY, key, reads.sequence()));
            reads.prefixes().forEach(prefix -> tables.rests(sequence, Kind.PREFIX, prefix, reads.sequence()));
            reads.streams().forEach(stream -> tables.rests(sequence, Kind.STREAM, stream, reads.sequence()));
        });
        rows.forEach((write, row) -> {
            if (!(write.precondition() instanceof Precondition.None)) {
                // The precondition held just before the commit.
                tables.rests(sequence, Kind.KEY, row.key(), sequence - 1);
            }
        });
        request.appends().forEach(append -> {
            if (append.expected().isPresent()) {
                tables.rests(sequence, Kind.STREAM, append.stream().name(), sequence - 1);
            }
        });
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
