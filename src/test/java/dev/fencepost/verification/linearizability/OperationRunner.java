package dev.fencepost.verification.linearizability;

import dev.fencepost.FencepostException;
import dev.fencepost.verification.linearizability.Operation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs operations one after the other, and records each with a line before and a line after it. */
final class OperationRunner {
    private final Recorder recorder;
    private final int worker;
    private int index;

    OperationRunner(Recorder recorder, int worker, int from) {
        this.recorder = recorder;
        this.worker = worker;
        this.index = from;
    }

    /** Returns the number of the next operation. */
    int index() {
        return index;
    }

    /** Returns a unique value for the next operation. */
    String value(int member) {
        return Operation.value(worker, index, member);
    }

    /**
     * Runs an operation.
     *
     * @param epochs the epochs under which it is made
     * @param intended the intended accesses, as far as they are known in advance
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
        // An operation with an unknown outcome may take effect later.
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
