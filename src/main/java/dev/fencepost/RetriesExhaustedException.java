package dev.fencepost;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** An error after every attempt was refused and the attempts or the time ran out. Nothing was written. */
public final class RetriesExhaustedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient List<Refusal> last;
    private final int attempts;

    public RetriesExhaustedException(int attempts, Duration elapsed, List<Refusal> last) {
        super(
                last.stream().allMatch(r -> r instanceof Claimed) ? "claimed" : "conflict",
                true,
                "Gave up after " + attempts + (attempts == 1 ? " attempt" : " attempts") + " in " + elapsed.toMillis()
                        + " ms. Last refusal: "
                        + last.stream().map(Refusal::message).collect(Collectors.joining("; ")),
                null);
        this.last = List.copyOf(last);
        this.attempts = attempts;
    }

    /** Returns the reasons why the last attempt was refused. */
    public List<Refusal> last() {
        return last;
    }

    /** Returns the number of attempts. */
    public int attempts() {
        return attempts;
    }
}
