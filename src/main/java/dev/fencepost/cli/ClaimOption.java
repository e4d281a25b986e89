package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import dev.fencepost.Writer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The claim under which a command writes, if any. */
final class ClaimOption {
    /** The environment variable in which a command under a claim finds its token. */
    static final String VARIABLE = "FENCEPOST_CLAIM";

    @Option(
            names = "--claim",
            paramLabel = "TOKEN",
            description = "The claim that must be held. Default: $$FENCEPOST_CLAIM, if it is a claim of this store.")
    private @Nullable String token;

    /** Returns the writer: the agent, or its claim. */
    Writer writer(RootCommand root, Store store) {
        Optional<ClaimToken> claim = Optional.ofNullable(token)
                .map(ClaimToken::new)
                .or(() -> root.shell()
                        .variable(VARIABLE)
                        .map(ClaimToken::new)
                        .filter(inherited -> inherited.storeId().equals(store.id())));
        return claim.<Writer>map(held -> root.agent(store).resume(held)).orElseGet(() -> root.agent(store));
    }
}
