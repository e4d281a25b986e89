package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/** The exception for a refused commit of several writes. Nothing was written. */
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

    /** Returns all refusals of the commit. */
    public List<Refusal> refusals() {
        return refusals;
    }
}
