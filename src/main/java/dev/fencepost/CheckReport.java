package dev.fencepost;

import java.util.List;

/**
 * The result of an integrity check of the file.
 *
 * @param keys the number of keys, deleted ones included
 * @param versions the number of versions
 * @param commits the number of commits
 * @param findings the problems found, one sentence each; empty if there are none
 */
public record CheckReport(long keys, long versions, long commits, List<String> findings) {
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Returns whether no problems were found. */
    public boolean healthy() {
        return findings.isEmpty();
    }
}
