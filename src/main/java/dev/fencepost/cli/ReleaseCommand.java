package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "release", header = "Release a claim.")
final class ReleaseCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "TOKEN", description = "The token that claim printed.")
    private String token = "";

    ReleaseCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting();
                Claim claim = root.agent(store).resume(wanted)) {
            claim.release();
            root.output().print(Json.claim(claim), "The claim on " + claim.keys() + " was released");
            return Exit.DONE;
        }
    }
}
