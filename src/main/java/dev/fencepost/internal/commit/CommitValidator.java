package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.Claimed;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.ReadConflict;
import dev.fencepost.VersionInfo;
import dev.fencepost.WriteBatch.Kind;
import dev.fencepost.internal.commit.CommitDecision.Applied;
import dev.fencepost.internal.commit.CommitDecision.ClaimsLost;
import dev.fencepost.internal.commit.CommitDecision.Reason;
import dev.fencepost.internal.commit.CommitDecision.Refused;
import dev.fencepost.internal.commit.CommitDecision.Vetoed;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.commit.PipelinedUpdates.PipelinedUpdate;
import dev.fencepost.internal.process.ReclaimPolicy;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables.Changed;
import dev.fencepost.internal.sql.VersionTables.NextVersion;
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
    private final @Nullable PipelinedUpdate link;
    private final boolean provenance;

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
            @Nullable PipelinedUpdate link,
            boolean provenance) {
        this.request = request;
        this.provenance = provenance;
        this.link = link;
        this.triesAgain = triesAgain;
        this.fences = fences;
        this.reclaims = reclaims;
    }

    @Override
    public Optional<CommitDecision> applyAlone(WriteTransaction scope) {
        if (!request.isSingle() || provenance || scope.isTraced()) {
            return Optional.empty();
        }
        EncodedWrite<?> write = request.writes().get(0);
        KeyRow row = scope.key(write.key().name());
        if (row.id() == 0 || !request.permits(row) || !mayFollow()) {
            return Optional.empty();
        }
        NextVersion next = new NextVersion(row, null, write.text().orElse(null));
        return scope.insertSingle(request.agent(), next, 0)
                .map(stamp -> new Applied(Map.of(row.key(), version(write, stamp)), Map.of(), true));
    }

    @Override
    public CommitDecision apply(WriteTransaction scope) {
        return applyAlone(scope).orElseGet(() -> new Validation(scope).decide());
    }

    /**
     * Returns whether the preceding update is made. The version alone does not prove it: another writer may have made a
     * version of that number from another value.
     */
    private boolean mayFollow() {
        return link == null || link.mayFollow();
    }

    private static VersionRow version(EncodedWrite<?> write, VersionInfo stamp) {
        return new VersionRow(write.key().name(), stamp, write.text());
    }

    @Override
    public List<VersionRow> written(CommitDecision decision) {
        return decision instanceof Applied applied
                ? List.copyOf(applied.versions().values())
                : List.of();
    }

    @Override
    public boolean triesAgain(CommitDecision decision) {
        return triesAgain
                && decision instanceof Refused refused
                && refused.reasons().stream().noneMatch(reason -> reason.kind() == Reason.Kind.CLAIMED);
    }

    /** Returns the writes, for log messages. */
    @Override
    public String toString() {
        return request.writes().stream()
                .map(write -> write.kind() + " " + write.key())
                .collect(Collectors.joining(", "));
    }

    /** The full validation of the request in one write transaction, and its writes if there is no reason to refuse. */
    private final class Validation {
        private final WriteTransaction scope;
        private final EventAppender events;
        private final Map<EncodedWrite<?>, KeyRow> rows = new LinkedHashMap<>();
        private final Map<Long, ClaimEnd> reclaimed = new LinkedHashMap<>();
        private final List<Reason> reasons = new ArrayList<>();

        Validation(WriteTransaction scope) {
            this.scope = scope;
            this.events = new EventAppender(request, scope);
        }

        CommitDecision decide() {
            List<LostClaim> lost = checkFences();
            if (!lost.isEmpty()) {
                return refused(new ClaimsLost(lost));
            }
            Optional<RuntimeException> objection = request.attachment().flatMap(more -> more.veto(scope));
            if (objection.isPresent()) {
                return refused(new Vetoed(objection.get()));
            }
            for (EncodedWrite<?> write : request.writes()) {
                KeyRow row = scope.key(write.key().name());
                rows.put(write, row);
                if (write.kind() != Kind.REQUIRE) {
                    checkClaim(write, row);
                }
                checkVersion(write, row);
            }
            request.reads().ifPresent(this::checkReads);
            reasons.addAll(events.look());
            return reasons.isEmpty() ? write() : refused(new Refused(List.copyOf(reasons)));
        }

        private CommitDecision refused(CommitDecision decision) {
            scope.trace().refused(request, rows, decision);
            return decision;
        }

        private List<LostClaim> checkFences() {
            return request.claims().stream()
                    .flatMap(claim -> fences.lost(claim, scope.claims()).stream())
                    .toList();
        }

        /** Checks the claim on a key. Only its holder writes a claimed key, until the claim can be reclaimed. */
        private void checkClaim(EncodedWrite<?> write, KeyRow row) {
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
                reasons.add(Reason.of(new Claimed<>(write.key(), grant.on(row.key(), row.epoch()))));
            }
        }

        private boolean isOwn(long claim) {
            return request.claims().stream().anyMatch(own -> own.token().claim() == claim);
        }

        private void checkVersion(EncodedWrite<?> write, KeyRow row) {
            if (!holds(write, row) || !mayFollow()) {
                reasons.add(Reason.of(write, scope.values().latest(row.key())));
            }
        }

        private boolean holds(EncodedWrite<?> write, KeyRow row) {
            return write.isMet(row)
                    && (!(write.precondition() instanceof Precondition.HasValue)
                            || scope.values()
                                    .latest(row.key())
                                    .flatMap(VersionRow::text)
                                    .equals(write.expectedText()));
        }

        private void checkReads(ReadSet reads) {
            reads.keys().forEach(key -> check(reads, key, scope.values().keyChangedAfter(key, reads.sequence())));
            reads.prefixes()
                    .forEach(prefix ->
                            check(reads, prefix + "*", scope.values().prefixChangedAfter(prefix, reads.sequence())));
            reads.streams()
                    .forEach(stream -> check(reads, stream, scope.events().appendedAfter(stream, reads.sequence())));
        }

        private void check(ReadSet reads, String read, Optional<Changed> changed) {
            changed.map(by -> new ReadConflict(read, reads.sequence(), by.key(), by.sequence(), by.writer()))
                    .ifPresent(conflict -> reasons.add(Reason.of(conflict)));
        }

        private CommitDecision write() {
            Map<EncodedWrite<?>, KeyRow> changes = new LinkedHashMap<>(rows);
            changes.entrySet().removeIf(entry -> changesNothing(entry.getKey(), entry.getValue()));
            // A commit of one version is one row, unless something must be written before the version.
            boolean single = changes.size() == 1 && reclaimed.isEmpty();
            return single ? writeSingle(changes) : writeParts(changes);
        }

        private CommitDecision writeSingle(Map<EncodedWrite<?>, KeyRow> changes) {
            Map.Entry<EncodedWrite<?>, KeyRow> change =
                    changes.entrySet().iterator().next();
            EncodedWrite<?> write = change.getKey();
            VersionInfo stamp = scope.insertSingle(request.agent(), next(write, change.getValue()), events.count())
                    .orElseThrow();
            scope.trace().applied(request, rows, changes.keySet(), reclaimed, stamp.sequence());
            request.attachment().ifPresent(more -> more.write(scope, stamp.sequence()));
            return applied(Map.of(write.key().name(), version(write, stamp)), stamp.sequence());
        }

        private CommitDecision writeParts(Map<EncodedWrite<?>, KeyRow> changes) {
            boolean writes = !reclaimed.isEmpty()
                    || !changes.isEmpty()
                    || events.count() > 0
                    || request.attachment().isPresent();
            long sequence = writes ? scope.sequence(request.agent(), changes.size(), events.count()) : 0;
            // Recorded before the participant writes, which may end the claims that the commit depends on.
            scope.trace().applied(request, rows, changes.keySet(), reclaimed, sequence);
            reclaimed.forEach((claim, ending) -> scope.takeOver(claim, sequence, ending));
            Map<String, VersionRow> versions = new LinkedHashMap<>();
            changes.forEach((write, row) ->
                    versions.put(row.key(), version(write, scope.insert(request.agent(), next(write, row)))));
            request.attachment().ifPresent(more -> more.write(scope, sequence));
            return applied(versions, sequence);
        }

        private CommitDecision applied(Map<String, VersionRow> versions, long sequence) {
            if (sequence > 0 && provenance) {
                ProvenanceRecorder.note(request, rows, sequence, scope);
            }
            return new Applied(versions, events.write(sequence), sequence > 0);
        }

        private boolean changesNothing(EncodedWrite<?> write, KeyRow row) {
            return write.kind() == Kind.REQUIRE
                    || (write.kind() == Kind.DELETE && write.skipAbsent() && !row.present());
        }

        private NextVersion next(EncodedWrite<?> write, KeyRow row) {
            KeyRow known = row.id() == 0 ? scope.values().insertKey(row.key()) : row;
            boolean claimed = known.claim().filter(this::isOwn).isPresent();
            return new NextVersion(
                    known, claimed ? known.epoch() : null, write.text().orElse(null));
        }
    }
}
