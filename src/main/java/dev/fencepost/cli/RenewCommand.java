package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "renew", header = "Renew a claim: its lease begins again.")
final class RenewCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "TOKEN", description = "The token that claim printed.")
    private String token = "";

    RenewCommand(RootCommand root) {
        this.root = root;
    }

    // The claim is renewed to outlive this process, so it is not closed, which would release it.
    @SuppressWarnings("try")
    @Override
    public Integer call() throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            Claim claim = root.agent(store).resume(wanted);
            String expires = Json.time(claim.renew());
            root.output()
                    .print(
                            Json.claim(claim).put("expiresAt", expires),
                            "The claim on " + claim.keys() + " expires at " + expires);
            return Exit.DONE;
        }
    }
}
