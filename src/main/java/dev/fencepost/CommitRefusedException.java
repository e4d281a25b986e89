package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** A commit of several writes was refused. Nothing was written. */
public final class CommitRefusedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient List<Refusal> refusals;

    public CommitRefusedException(List<Refusal> refusals) {
        super(
                refusals.stream().anyMatch(r -> !(r instanceof Claimed)) ? "conflict" : "claimed",
                refusals.stream().allMatch(Refusal::retryable),
                refusals.stream().map(Refusal::message).collect(Collectors.joining("; ")),
                null);
        this.refusals = List.copyOf(refusals);
    }

    /** Everything that stood in the way. */
    public List<Refusal> refusals() {
        return refusals;
    }
}
