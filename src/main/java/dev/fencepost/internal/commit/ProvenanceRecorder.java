package dev.fencepost.internal.commit;

import dev.fencepost.Precondition;
import dev.fencepost.history.ReadDependency.Kind;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.ProvenanceTables;
import java.util.Map;

/** Records the dependencies of a commit: the reads of its transaction, and its preconditions. */
final class ProvenanceRecorder {
    private ProvenanceRecorder() {}

    static void note(
            CommitRequest request,
            Map<CommitRequest.EncodedWrite<?>, KeyRow> rows,
            long sequence,
            WriteTransaction scope) {
        ProvenanceTables tables = scope.provenance();
        request.reads().ifPresent(reads -> {
            reads.keys().forEach(key -> tables.rests(sequence, Kind.KEY, key, reads.sequence()));
            reads.prefixes().forEach(prefix -> tables.rests(sequence, Kind.PREFIX, prefix, reads.sequence()));
            reads.streams().forEach(stream -> tables.rests(sequence, Kind.STREAM, stream, reads.sequence()));
        });
        rows.forEach((write, row) -> {
            if (!(write.precondition() instanceof Precondition.None)) {
                // The precondition held just before the commit.
                tables.rests(sequence, Kind.KEY, row.key(), sequence - 1);
            }
        });
        request.appends().forEach(append -> {
            if (append.expected().isPresent()) {
                tables.rests(sequence, Kind.STREAM, append.stream().name(), sequence - 1);
            }
        });
    }
}
