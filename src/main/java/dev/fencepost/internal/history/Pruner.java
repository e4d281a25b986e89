package dev.fencepost.internal.history;

import dev.fencepost.RetentionPolicy;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.TimeTables;
import dev.fencepost.internal.sql.TimeTables.EndedClaim;
import dev.fencepost.internal.sql.TimeTables.Extent;
import dev.fencepost.internal.sql.TimeTables.Numbered;
import dev.fencepost.internal.sql.TimeTables.Pin;
import dev.fencepost.internal.sql.VersionTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets go of versions and events, in pieces that are each a short transaction. What the rules let go is worked out while
 * others write; what open snapshots see is asked under the write lock, so that none can be opened in between. Safe for use
 * by many threads.
 */
public final class Pruner {
    /** Versions or events that are let go in one transaction. */
    private static final int PIECE = 64;

    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Claims claims;

    public Pruner(CommitQueue queue, ReaderPool reads, Claims claims) {
        this.queue = queue;
        this.reads = reads;
        this.claims = claims;
    }

    /** What is to be the oldest that is kept. */
    private record Target(String name, long keptFrom, long wanted) {}

    /** Lets go of what is not to be kept of some keys; says how many versions. */
    long keys(List<Extent> keys, RetentionPolicy keep, long cutoff) {
        List<Target> targets = reads.read(session -> {
            VersionTables values = new VersionTables(session);
            return keys.stream()
                    .map(key -> new Target(key.name(), key.keptFrom(), wanted(key, keep, cutoff, values)))
                    .filter(target -> target.wanted() > target.keptFrom())
                    .toList();
        });
        return trim(targets, this::trimKey);
    }

    private static long wanted(Extent key, RetentionPolicy keep, long cutoff, VersionTables values) {
        long wanted = key.newest();
        if (keep.versions().isPresent()) {
            wanted = Math.min(wanted, key.newest() - keep.versions().getAsInt() + 1);
        }
        if (keep.age().isPresent()) {
            wanted = Math.min(wanted, values.numberAt(key.name(), cutoff).orElse(key.keptFrom()));
        }
        return wanted;
    }

    /** One transaction's part of it: moves on, piece by piece, through all of the targets. */
    private long trim(List<Target> targets, OneTrim one) {
        long trimmed = 0;
        int next = 0;
        List<Target> left = new ArrayList<>(targets);
        while (next < left.size()) {
            int begin = next;
            record Piece(long trimmed, int next, Optional<Target> rest) {}
            Piece piece = queue.submit(scope -> {
                List<Pin> pins = claims.livePins(scope);
                // Their index entries are scattered.
                scope.writesMore(PIECE / 2);
                long room = PIECE;
                for (int i = begin; i < left.size(); i++) {
                    Target target = left.get(i);
                    Step step = one.trim(scope, target, room, pins);
                    room -= step.count();
                    if (room == 0) {
                        boolean whole = step.to() >= target.wanted();
                        return new Piece(
                                PIECE,
                                whole ? i + 1 : i,
                                whole
                                        ? Optional.empty()
                                        : Optional.of(new Target(target.name(), step.to(), target.wanted())));
                    }
                }
                return new Piece(PIECE - room, left.size(), Optional.empty());
            });
            trimmed += piece.trimmed();
            next = piece.next();
            if (piece.rest().isPresent()) {
                left.set(next, piece.rest().get());
            }
        }
        return trimmed;
    }

    /** From which to which version the oldest that is kept has moved; another process may have moved it before. */
    private record Step(long from, long to) {
        long count() {
            return to - from;
        }
    }

    /** Lets go of one key's versions, or one stream's events. */
    @FunctionalInterface
    private interface OneTrim {
        /** Lets go of no more than so many, and not of the one that is wanted as the oldest. */
        Step trim(WriteTransaction scope, Target target, long room, List<Pin> pins);
    }

    private Step trimKey(WriteTransaction scope, Target target, long room, List<Pin> pins) {
        long from = scope.time().extent(target.name()).keptFrom();
        long reached = Math.min(target.wanted(), from + room);
        for (Pin pin : pins) {
            Optional<Long> seen = scope.values().numberAt(target.name(), pin.sequence());
            if (seen.isPresent()) {
                // Later snapshots see this version or later ones.
                reached = Math.min(reached, seen.get());
                break;
            }
        }
        if (reached <= from) {
            return new Step(from, from);
        }
        scope.time().trim(target.name(), reached);
        return new Step(from, reached);
    }

    /** Lets go of what is not to be kept of some streams; says how many events. */
    long streams(List<Extent> streams, RetentionPolicy keep, long cutoff) {
        long trimmed = 0;
        List<Extent> left = streams;
        while (!left.isEmpty()) {
            List<Extent> now = left;
            List<Target> targets = reads.read(session -> {
                TimeTables time = new TimeTables(session);
                return now.stream()
                        .map(stream -> new Target(
                                stream.name(),
                                stream.keptFrom(),
                                wanted(stream, keep, cutoff, time.oldestEvents(stream.name(), PIECE + 1))))
                        .filter(target -> target.wanted() > target.keptFrom())
                        .toList();
            });
            long piece = trim(targets, this::trimStream);
            trimmed += piece;
            // A stream of which a whole piece was let go may have more.
            left = piece == 0
                    ? List.of()
                    : now.stream()
                            .flatMap(stream -> targets.stream()
                                    .filter(target -> target.name().equals(stream.name())
                                            && target.wanted() == stream.keptFrom() + PIECE)
                                    .map(target -> new Extent(stream.name(), stream.newest(), target.wanted())))
                            .toList();
        }
        return trimmed;
    }

    /** Prunes claims that ended at a place or before it, except where an open snapshot sees them; returns their number. */
    long claims(long cutoff) {
        long pruned = 0;
        long after = 0;
        while (true) {
            long from = after;
            List<EndedClaim> piece = queue.submit(scope -> pruneClaims(scope, from, cutoff));
            pruned += piece.size();
            if (piece.size() < PIECE) {
                return pruned;
            }
            after = piece.get(PIECE - 1).claim();
        }
    }

    private List<EndedClaim> pruneClaims(WriteTransaction scope, long after, long cutoff) {
        // A snapshot does not see a claim that had ended by its place.
        long through = claims.livePins(scope).stream().mapToLong(Pin::sequence).reduce(cutoff, Math::min);
        List<EndedClaim> ended = scope.time().endedClaims(after, through, PIECE);
        if (!ended.isEmpty()) {
            scope.writesMore(PIECE / 2);
            scope.time().pruneClaims(ended, through);
        }
        return ended;
    }

    private static long wanted(Extent stream, RetentionPolicy keep, long cutoff, List<Numbered> oldest) {
        long wanted = Math.min(stream.newest(), stream.keptFrom() + PIECE);
        if (keep.versions().isPresent()) {
            wanted = Math.min(wanted, stream.newest() - keep.versions().getAsInt() + 1);
        }
        if (keep.age().isPresent()) {
            long young = oldest.stream()
                    .filter(event -> event.sequence() > cutoff)
                    .map(Numbered::number)
                    .findFirst()
                    .orElse(stream.keptFrom() + oldest.size());
            wanted = Math.min(wanted, young);
        }
        return wanted;
    }

    /** An open snapshot sees all events before it, and they are let go from the first on. */
    private Step trimStream(WriteTransaction scope, Target target, long room, List<Pin> pins) {
        Numbered first = scope.time().oldestEvents(target.name(), 1).get(0);
        long from = first.number();
        long reached = Math.min(target.wanted(), from + room);
        if (reached <= from || pins.stream().anyMatch(pin -> pin.sequence() >= first.sequence())) {
            return new Step(from, from);
        }
        scope.time().trimStream(target.name(), reached);
        return new Step(from, reached);
    }
}
