package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Checks that no agent wrote under a claim after it lost the claim. Each epoch of a key is granted once, and later
 * requests get later epochs. The versions under one epoch are consecutive, in the order of the epochs. No operation
 * succeeds under an epoch after a later grant or after a write without the claim.
 */
final class Fencing {
    private record Grant(long epoch, Operation operation) {}

    private final Recording recording;
    private final List<String> wrong = new ArrayList<>();
    private final Map<String, NavigableMap<Long, Operation>> grants = new HashMap<>();

    private Fencing(Recording recording) {
        this.recording = recording;
    }

    static List<String> check(Recording recording, Versions versions) {
        Fencing fencing = new Fencing(recording);
        fencing.grants();
        fencing.grants.forEach((key, byEpoch) -> {
            fencing.inTime(key, byEpoch);
            fencing.lateUnder(key, byEpoch);
        });
        versions.writers().forEach(fencing::sideBySide);
        return fencing.wrong;
    }

    private void grants() {
        for (Operation operation : recording.operations()) {
            if (operation.kind().equals(Operation.CLAIM) && operation.isDone()) {
                operation.epochs().forEach((key, epoch) -> {
                    Operation other =
                            grants.computeIfAbsent(key, any -> new TreeMap<>()).putIfAbsent(epoch, operation);
                    if (other != null) {
                        wrong.add("epoch " + epoch + " of " + key + " was granted twice: to " + other.words()
                                + " and to " + operation.words());
                    }
                });
            }
        }
    }

    /** Checks that a request that began after the grant of an epoch did not get an earlier epoch. */
    private void inTime(String key, NavigableMap<Long, Operation> byEpoch) {
        long latestBegin = Long.MIN_VALUE;
        for (Map.Entry<Long, Operation> entry : byEpoch.entrySet()) {
            if (entry.getValue().ended() < latestBegin) {
                wrong.add("epoch " + entry.getKey() + " of " + key + " had been granted to "
                        + entry.getValue().words() + " before an earlier one was asked for");
            }
            latestBegin = Math.max(latestBegin, entry.getValue().began());
        }
    }

    /** Checks that no operation under a claim began after the grant of a later epoch. */
    private void lateUnder(String key, NavigableMap<Long, Operation> byEpoch) {
        List<Grant> ends = new ArrayList<>();
        byEpoch.forEach((epoch, operation) -> ends.add(new Grant(epoch, operation)));
        for (Operation operation : recording.operations()) {
            if (!operation.isFenced()
                    || !operation.isDone()
                    || !operation.epochs().containsKey(key)) {
                continue;
            }
            long mine = operation.epochs().get(key);
            ends.stream()
                    .filter(grant -> grant.epoch() > mine && grant.operation().ended() < operation.began())
                    .findFirst()
                    .ifPresent(grant -> wrong.add("a zombie was not fenced: " + operation.words()
                            + " was acknowledged, though epoch " + grant.epoch() + " of " + key
                            + " had been granted before to " + grant.operation().words()));
        }
    }

    /** Checks that no other writer's version lies between two versions under one claim. */
    private void sideBySide(String key, NavigableMap<Long, Operation> writers) {
        long present = 0;
        long last = 0;
        Operation stranger = null;
        for (Operation writer : writers.values()) {
            Long epoch = writer.isFenced() ? writer.epochs().get(key) : null;
            if (epoch == null) {
                stranger = writer;
                continue;
            }
            if (epoch < last) {
                wrong.add("a zombie was not fenced: " + writer.words() + " wrote " + key + " behind what epoch " + last
                        + " wrote");
            } else if (epoch == present && stranger != null) {
                wrong.add("a claim was not respected, or its zombie not fenced: between two versions of " + key
                        + " under epoch " + epoch + " there is one by " + stranger.words() + "; the second is by "
                        + writer.words());
            } else if (stranger != null && grantedBefore(key, epoch, stranger)) {
                wrong.add(
                        "a claim was not respected, or its zombie not fenced: " + key + " had been claimed under epoch "
                                + epoch + " when there began " + stranger.words() + ", and then there was still "
                                + writer.words());
            }
            stranger = null;
            present = epoch;
            last = Math.max(last, epoch);
        }
    }

    private boolean grantedBefore(String key, long epoch, Operation stranger) {
        Operation grant = grants.getOrDefault(key, new TreeMap<>()).get(epoch);
        return grant != null && grant.ended() < stranger.began();
    }
}
