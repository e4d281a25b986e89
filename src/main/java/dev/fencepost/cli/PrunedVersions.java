package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.history.VersionLookup;

/**
 * The versions of a key that were pruned.
 *
 * @param through the number of the newest of them; 0 if there are none
 */
record PrunedVersions(long through) {
    static PrunedVersions of(Store store, Key<String> key) {
        return new PrunedVersions(
                store.history().version(key, 1) instanceof VersionLookup.Pruned<String> pruned
                        ? pruned.oldest() - 1
                        : 0);
    }

    /** Adds the number to an object, and returns it. */
    ObjectNode in(ObjectNode json) {
        return json.put("prunedThrough", through);
    }

    /** Prints the pruned versions for people. */
    void note(Output output) {
        if (through > 0) {
            output.note(through == 1 ? "Version 1 was pruned." : "Versions 1 to " + through + " were pruned.");
        }
    }
}
