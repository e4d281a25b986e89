package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.ReadConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.internal.process.ReclaimPolicy;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Validates one commit and applies it: the task behind every write of a value.
 *
 * <p>Validation reads everything before anything is written. It checks the fence: the claims of the commit are still
 * held. For each key it checks the claim (no other holder) and the version (the precondition holds). Then it checks the
 * read set: nothing that was read has changed. So a refusal changes nothing, and it names all its reasons.
 *
 * <p>If the request is only about one unclaimed key, one statement validates and applies it. Full validation then runs
 * only to find the reasons for a refusal.
 */
final class CommitValidator implements CommitTask<CommitDecision> {
    private final CommitRequest request;
    private final FencingCheck fences;
    private final ReclaimPolicy reclaims;
    private final boolean triesAgain;
    private final PipelinedUpdates.@Nullable PipelinedUpdate link;
    private final boolean provenance;
    private final EventAppender appending;
    private final Map<Long, ClaimEnd> reclaimed = new LinkedHashMap<>();
    private final List<CommitDecision.Reason> reasons = new ArrayList<>();

    /**
     * Creates a task for a request.
     *
     * @param triesAgain whether the caller retries at once if something that it read has changed
     * @param link the pipelined update that this write is part of; null if there is none
     * @param provenance whether to record the dependencies of the commit
     */
    CommitValidator(
            CommitRequest request,
            FencingCheck fences,
            ReclaimPolicy reclaims,
            boolean triesAgain,
            PipelinedUpdates.@Nullable PipelinedUpdate link,
            boolean provenance) {
        this.request = request;
        this.provenance = provenance;
        this.appending = new EventAppender(request.appends());
        this.link = link;
        this.triesAgain = triesAgain;
        this.fences = fences;
        this.reclaims = reclaims;
    }

    @Override
    public Optional<CommitDecision> applyAlone(WriteTransaction scope) {
        return request.single()
                .filter(single -> !provenance && !scope.trace().isOn() && mayFollow())
                .flatMap(expected -> scope.append(
                        request.agent(), expected, request.writes().get(0).text()))
                .map(stamp -> new CommitDecision.Applied(
                        Map.of(request.writes().get(0).key().name(), stamp), true));
    }

    @Override
    public CommitDecision apply(WriteTransaction scope) {
        return applyAlone(scope).orElseGet(() -> judge(scope));
    }

    private CommitDecision judge(WriteTransaction scope) {
        reclaimed.clear();
        reasons.clear();
        List<LostClaim> lost = checkFences(scope);
        if (!lost.isEmpty()) {
            return refused(Map.of(), new CommitDecision.ClaimsLost(lost), scope);
        }
        Optional<RuntimeException> objection = request.attachment().flatMap(more -> more.veto(scope));
        if (objection.isPresent()) {
            return refused(Map.of(), new CommitDecision.Vetoed(objection.get()), scope);
        }
        Map<CommitRequest.EncodedWrite<?>, KeyRow> rows = new LinkedHashMap<>();
        for (CommitRequest.EncodedWrite<?> write : request.writes()) {
            KeyRow row = scope.values().key(write.key().name());
            rows.put(write, row);
            if (write.kind() != Kind.REQUIRE) {
                checkClaim(write, row, scope);
            }
            checkVersion(write, row, scope);
        }
        request.reads().ifPresent(reads -> checkReads(reads, scope));
        reasons.addAll(appending.look(scope));
        return reasons.isEmpty()
                ? write(rows, scope)
                : refused(rows, new CommitDecision.Refused(List.copyOf(reasons)), scope);
    }

    private CommitDecision refused(
            Map<CommitRequest.EncodedWrite<?>, KeyRow> rows, CommitDecision decision, WriteTransaction scope) {
        scope.trace().refused(request, rows, decision);
        return decision;
    }

    private List<LostClaim> checkFences(WriteTransaction scope) {
        return request.claims().stream()
                .flatMap(claim -> fences.lost(claim, scope.claims()).stream())
                .toList();
    }

    /** Checks the claim on a key. Only its holder writes a claimed key, until the claim can be reclaimed. */
    private void checkClaim(CommitRequest.EncodedWrite<?> write, KeyRow row, WriteTransaction scope) {
        if (row.claim().isEmpty()
                || isOwn(row.claim().get())
                || reclaimed.containsKey(row.claim().get())) {
            return;
        }
        ClaimRow grant = scope.claims().holder(row.claim().get());
        Optional<ClaimEnd> ending = reclaims.reclaim(grant, scope.claims(), scope.now());
        if (ending.isPresent()) {
            reclaimed.put(grant.id(), ending.get());
        } else {
            reasons.add(new CommitDecision.ClaimConflict(write, grant.on(row.key(), row.epoch())));
        }
    }

    private boolean isOwn(long claim) {
        return request.claims().stream().anyMatch(own -> own.token().claim() == claim);
    }

    private void checkVersion(CommitRequest.EncodedWrite<?> write, KeyRow row, WriteTransaction scope) {
        if (!holds(write, row, scope) || !mayFollow()) {
            reasons.add(
                    new CommitDecision.PreconditionFailed(write, scope.values().latest(row.key())));
        }
    }

    /**
     * Returns whether the preceding update is made. The version alone does not prove it: another writer may have made a
     * version of that number from another value.
     */
    private boolean mayFollow() {
        return link == null || link.mayFollow();
    }

    private static boolean holds(CommitRequest.EncodedWrite<?> write, KeyRow row, WriteTransaction scope) {
        Precondition<?> asked = write.precondition();
        if (asked instanceof Precondition.Absent) {
            return !row.present();
        } else if (asked instanceof Precondition.Present) {
            return row.present();
        } else if (asked instanceof Precondition.AtVersion<?> at) {
            return row.present() && row.version() == at.version();
        } else if (asked instanceof Precondition.HasValue) {
            return row.present()
                    && scope.values()
                            .latest(row.key())
                            .flatMap(VersionRow::text)
                            .equals(write.expectedText());
        }
        return true;
    }

    private void checkReads(ReadSet reads, WriteTransaction scope) {
        for (String key : reads.keys()) {
            scope.values()
                    .keyChangedAfter(key, reads.sequence())
                    .ifPresent(changed -> reasons.add(stale(key, reads, changed)));
        }
        for (String prefix : reads.prefixes()) {
            scope.values()
                    .prefixChangedAfter(prefix, reads.sequence())
                    .ifPresent(changed -> reasons.add(stale(prefix + "*", reads, changed)));
        }
        for (String stream : reads.streams()) {
            scope.events()
                    .appendedAfter(stream, reads.sequence())
                    .ifPresent(changed -> reasons.add(stale(stream, reads, changed)));
        }
    }

    private static CommitDecision.StaleRead stale(String read, ReadSet reads, VersionTables.Changed changed) {
        return new CommitDecision.StaleRead(
                new ReadConflict(read, reads.sequence(), changed.key(), changed.sequence(), changed.writer()));
    }

    private CommitDecision write(Map<CommitRequest.EncodedWrite<?>, KeyRow> rows, WriteTransaction scope) {
        Map<CommitRequest.EncodedWrite<?>, KeyRow> changes = new LinkedHashMap<>(rows);
        changes.entrySet().removeIf(entry -> changesNothing(entry.getKey(), entry.getValue()));
        Map<String, VersionInfo> stamps = new LinkedHashMap<>();
        int events = appending.count();
        boolean writes = !reclaimed.isEmpty()
                || !changes.isEmpty()
                || events > 0
                || request.attachment().isPresent();
        Map<String, List<CommitDecision.StoredEvent>> placed;
        if (writes) {
            long sequence = scope.sequence(request.agent(), changes.size(), events);
            // Recorded before the participant writes, which may end the claims that the commit depends on.
            scope.trace().applied(request, rows, changes.keySet(), reclaimed, sequence);
            reclaimed.forEach((claim, ending) -> scope.claims().end(claim, sequence, ending));
            changes.forEach((write, row) -> stamps.put(row.key(), append(write, row, sequence, scope)));
            request.attachment().ifPresent(more -> more.write(scope, sequence));
            if (provenance) {
                ProvenanceRecorder.note(request, rows, sequence, scope);
            }
            placed = appending.write(scope, Optional.of(sequence), request.agent());
        } else {
            scope.trace().applied(request, rows, changes.keySet(), reclaimed, 0);
            placed = appending.write(scope, Optional.empty(), request.agent());
        }
        return new CommitDecision.Applied(stamps, placed, writes);
    }

    private static boolean changesNothing(CommitRequest.EncodedWrite<?> write, KeyRow row) {
        return write.kind() == Kind.REQUIRE || (write.kind() == Kind.DELETE && write.skipAbsent() && !row.present());
    }

    private VersionInfo append(CommitRequest.EncodedWrite<?> write, KeyRow row, long sequence, WriteTransaction scope) {
        KeyRow known = row.id() == 0 ? scope.values().insertKey(row.key()) : row;
        boolean claimed = known.claim().filter(this::isOwn).isPresent();
        scope.values()
                .insertVersion(
                        known,
                        sequence,
                        claimed ? known.epoch() : null,
                        write.text().orElse(null));
        return new VersionInfo(known.version() + 1, sequence, request.agent(), Instant.ofEpochMilli(scope.now()));
    }

    @Override
    public List<VersionRow> written(CommitDecision decision) {
        List<VersionRow> rows = new ArrayList<>();
        if (decision instanceof CommitDecision.Applied applied) {
            for (CommitRequest.EncodedWrite<?> write : request.writes()) {
                VersionInfo stamp = applied.stamps().get(write.key().name());
                if (stamp != null) {
                    rows.add(new VersionRow(write.key().name(), stamp, write.text()));
                }
            }
        }
        return rows;
    }

    @Override
    public boolean triesAgain(CommitDecision decision) {
        return triesAgain
                && decision instanceof CommitDecision.Refused refused
                && refused.reasons().stream().noneMatch(CommitDecision.ClaimConflict.class::isInstance);
    }

    /** Returns the writes, for log messages. */
    @Override
    public String toString() {
        return request.writes().stream()
                .map(write -> write.kind() + " " + write.key())
                .collect(Collectors.joining(", "));
    }
}
