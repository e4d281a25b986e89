package dev.fencepost.verification.linearizability;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the final store against the answers. No acknowledged write is missing, and no refused write is stored or was
 * ever read. Each commit is stored as a whole or not at all.
 */
final class Ledger {
    private final Recording recording;
    private final Versions versions;
    private final Map<String, StoredVersions> byVersion = new HashMap<>();
    private final Map<String, StoredVersions> byValue = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    private Ledger(Recording recording, Versions versions) {
        this.recording = recording;
        this.versions = versions;
    }

    static List<String> check(Recording recording, Versions versions) {
        Ledger ledger = new Ledger(recording, versions);
        ledger.kept();
        for (Operation operation : recording.operations()) {
            if (operation.isDone()) {
                ledger.acknowledged(operation);
            }
            operation.accesses().forEach(access -> ledger.seen(operation, access));
            ledger.whole(operation);
        }
        return ledger.wrong;
    }

    private void kept() {
        Map<String, Long> last = new HashMap<>();
        for (StoredVersions kept : recording.kept()) {
            if (last.merge(kept.key(), 1L, Long::sum) != kept.version()) {
                wrong.add("the versions of " + kept.key() + " do not step by one at " + kept.version());
            }
            byVersion.put(kept.key() + " " + kept.version(), kept);
            byValue.put(kept.key() + " " + kept.value(), kept);
            if (!kept.value().equals(Access.ABSENT)) {
                refuseRefused(kept.key(), kept.value(), "is in the store as version " + kept.version());
            }
        }
    }

    private void refuseRefused(String key, String value, String where) {
        versions.named(Operation.writerOf(value))
                .filter(writer -> !writer.canHaveWritten())
                .ifPresent(writer -> wrong.add("what was refused " + where + " of " + key + ": " + writer.words()));
    }

    private void acknowledged(Operation operation) {
        for (Access access : operation.accesses()) {
            if (!access.writes()) {
                continue;
            }
            StoredVersions kept = access.version() == Access.UNKNOWN
                    ? byValue.get(access.key() + " " + access.written())
                    : byVersion.get(access.key() + " " + access.version());
            if (kept == null || !kept.value().equals(access.written())) {
                wrong.add("what was acknowledged is not in the store: " + access.words() + ", in "
                        + operation.words()
                        + (kept == null ? "" : "; there is " + kept.value() + " instead"));
            }
        }
    }

    private void seen(Operation reader, Access access) {
        if (!access.sees() || access.seen().equals(Access.ABSENT)) {
            return;
        }
        refuseRefused(access.key(), access.seen(), "was seen by " + reader.words() + " as a version");
        StoredVersions kept = byValue.get(access.key() + " " + access.seen());
        if (kept == null || (access.seenVersion() != Access.UNKNOWN && access.seenVersion() != kept.version())) {
            wrong.add("what was seen is not in the store: " + access.words() + ", in " + reader.words());
        }
    }

    /** Checks that all writes of an operation have the same sequence in the store. */
    private void whole(Operation operation) {
        Set<Long> places = new HashSet<>();
        int there = 0;
        int writes = 0;
        for (Access access : operation.accesses()) {
            if (access.writes() && !access.deletes()) {
                writes++;
                StoredVersions kept = byValue.get(access.key() + " " + access.written());
                if (kept != null) {
                    there++;
                    places.add(kept.sequence());
                }
            }
        }
        if (places.size() > 1 || (there > 0 && there < writes)) {
            wrong.add("what was to be committed at once is there in parts: " + there + " of " + writes + " at " + places
                    + ", of " + operation.words());
        }
    }
}
