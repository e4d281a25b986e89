package dev.fencepost.cli;

import dev.fencepost.Precondition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The preconditions of a write; at most one of these. */
final class PreconditionOptions {
    @Option(
            names = "--if-version",
            paramLabel = "N",
            description = "The version that the key must have; 0 means absent.")
    private @Nullable Long version;

    @Option(names = "--if-absent", description = "A condition: the key has no value.")
    private boolean absent;

    @Option(names = "--if-value", paramLabel = "TEXT", description = "The exact value that the key must have.")
    private @Nullable String value;

    /**
     * Returns the precondition.
     *
     * @param options null if none of them is given
     */
    static Precondition<String> precondition(@Nullable PreconditionOptions options) {
        if (options == null) {
            return Precondition.none();
        } else if (options.version != null) {
            return Precondition.ifVersion(options.version);
        } else if (options.value != null) {
            return Precondition.ifValue(options.value);
        }
        return options.absent ? Precondition.ifAbsent() : Precondition.none();
    }
}
