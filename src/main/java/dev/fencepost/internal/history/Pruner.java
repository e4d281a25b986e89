package dev.fencepost.internal.history;

import dev.fencepost.history.RetentionPolicy;
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
 * Prunes versions, events and ended claims, in short transactions. The rules are evaluated without the write lock. The
 * open snapshots are read under it, so that none can be opened in between. Safe for use by many threads.
 */
public final class Pruner {
    /** The most versions, events or claims that one transaction prunes. */
    private static final int PIECE = 64;

    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Claims claims;

    public Pruner(CommitQueue queue, ReaderPool reads, Claims claims) {
        this.queue = queue;
        this.reads = reads;
        this.claims = claims;
    }

    /**
     * A key or stream to prune.
     *
     * @param keptFrom the oldest number that is retained now
     * @param wanted the oldest number that is to be retained
     */
    private record Target(String name, long keptFrom, long wanted) {}

    /** Prunes the versions of some keys that a rule does not retain; returns their number. */
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

    /** Prunes all targets, in one short transaction after the other; returns the number of versions or events. */
    private long trim(List<Target> targets, OneTrim one) {
        long trimmed = 0;
        int next = 0;
        List<Target> left = new ArrayList<>(targets);
        while (next < left.size()) {
            int begin = next;
            record Piece(long trimmed, int next, Optional<Target> rest) {}
            Piece piece = queue.submit(scope -> {
                List<Pin> pins = claims.reclaimPins(scope);
                // The index entries of pruned rows are scattered over many pages.
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

    /** The change of the oldest retained number. Another process may have made it before. */
    private record Step(long from, long to) {
        long count() {
            return to - from;
        }
    }

    /** Prunes the versions of one key, or the events of one stream. */
    @FunctionalInterface
    private interface OneTrim {
        /**
         * Prunes numbers from the oldest on, but not the target's wanted number.
         *
         * @param room the most numbers to prune
         */
        Step trim(WriteTransaction scope, Target target, long room, List<Pin> pins);
    }

    private Step trimKey(WriteTransaction scope, Target target, long room, List<Pin> pins) {
        long from = scope.time().extent(target.name()).keptFrom();
        long reached = Math.min(target.wanted(), from + room);
        for (Pin pin : pins) {
            Optional<Long> seen = scope.values().numberAt(target.name(), pin.sequence());
            if (seen.isPresent()) {
                // The pins are in the order of their sequences, so the others see this version or later ones.
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

    /** Prunes the events of some streams that a rule does not retain; returns their number. */
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
            // A stream of which a full transaction was pruned may have more to prune.
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

    /** Prunes claims that ended by a sequence, except those that an open snapshot sees; returns their number. */
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
        // A snapshot does not see a claim that had ended by its sequence.
        long through =
                claims.reclaimPins(scope).stream().mapToLong(Pin::sequence).reduce(cutoff, Math::min);
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

    /**
     * Prunes events of a stream, from the first on. An open snapshot that sees the first one prevents that, because it
     * sees all events up to its sequence.
     */
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
