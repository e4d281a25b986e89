package dev.fencepost.proof.history;

import dev.fencepost.FencepostException;
import dev.fencepost.proof.history.Operation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Does one operation after the other, each between the two lines that record it. */
final class OperationRunner {
    private final Recorder recorder;
    private final int worker;
    private int index;

    OperationRunner(Recorder recorder, int worker, int from) {
        this.recorder = recorder;
        this.worker = worker;
        this.index = from;
    }

    /** The number of the next operation. */
    int index() {
        return index;
    }

    /** A value that nobody else writes, for the next operation. */
    String value(int member) {
        return Operation.value(worker, index, member);
    }

    /**
     * Does it.
     *
     * @param epochs what it is made under
     * @param intended what it is to do, as far as that is known before
     */
    Results.End run(String kind, Map<String, Long> epochs, List<Access> intended, Supplier<Results.End> body) {
        long written = System.nanoTime();
        recorder.begins(operation(kind, written, Operation.NEVER, unknown(epochs, intended)));
        long began = System.nanoTime();
        Results.End end;
        try {
            end = body.get();
        } catch (FencepostException e) {
            end = Results.end(e, epochs, intended);
        }
        // What has an unknown outcome can take effect later.
        long ended = end.outcome() == Outcome.UNKNOWN ? Operation.NEVER : System.nanoTime();
        recorder.ended(operation(kind, began, ended, end));
        index++;
        return end;
    }

    private static Results.End unknown(Map<String, Long> epochs, List<Access> intended) {
        return new Results.End(Outcome.UNKNOWN, epochs, intended, "-");
    }

    private Operation operation(String kind, long began, long ended, Results.End end) {
        return new Operation(
                worker, index, kind, began, ended, end.outcome(), end.epochs(), end.accesses(), end.note());
    }
}
