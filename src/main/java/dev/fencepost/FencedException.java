package dev.fencepost;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The claim under which something was to be done has been lost. Nothing was written, and trying again cannot help:
 * whatever was read under the claim may be out of date, so begin anew with a new claim.
 */
public final class FencedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient List<Fenced> lost;

    public FencedException(List<Fenced> lost) {
        super("fenced", false, lost.stream().map(Fenced::message).collect(Collectors.joining("; ")), null);
        this.lost = List.copyOf(lost);
    }

    /** Every key of every claim that was lost. */
    public List<Fenced> lost() {
        return lost;
    }
}
