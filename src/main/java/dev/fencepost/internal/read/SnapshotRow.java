package dev.fencepost.internal.read;

import dev.fencepost.internal.sql.VersionRow;
import java.util.Optional;

/**
 * A version of a key in a snapshot.
 *
 * @param sequence the sequence of the snapshot
 * @param row the newest version up to there; empty if the key had none
 */
public record SnapshotRow(long sequence, Optional<VersionRow> row) {}
