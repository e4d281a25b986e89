package dev.fencepost;

import java.util.List;

/**
 * What an examination of the file found.
 *
 * @param keys how many keys there are, deleted ones included
 * @param versions how many versions there are
 * @param commits how many commits there are
 * @param findings what is wrong, one sentence each; empty if all is well
 */
public record CheckReport(long keys, long versions, long commits, List<String> findings) {
    public CheckReport {
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean healthy() {
        return findings.isEmpty();
    }
}
