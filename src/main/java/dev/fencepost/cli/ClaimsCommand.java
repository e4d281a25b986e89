package dev.fencepost.cli;

import dev.fencepost.HeldClaim;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "claims",
        header = "List the claims that are held.",
        description = "A claim whose lease has run out is still held until somebody takes it over.")
final class ClaimsCommand implements Callable<Integer> {
    private final Root root;

    ClaimsCommand(Root root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            List<HeldClaim> claims = store.claims();
            root.output()
                    .print(
                            claims.stream().map(Json::held).toList(),
                            List.of("KEY", "EPOCH", "HOLDER", "PID", "GRANTED", "EXPIRES"),
                            claims.stream().map(ClaimsCommand::row).toList());
            if (claims.isEmpty()) {
                root.output().note("No claims.");
            }
            return Exit.DONE;
        }
    }

    private static List<String> row(HeldClaim claim) {
        return List.of(
                claim.key(),
                Long.toString(claim.epoch()),
                claim.holder().agent(),
                Long.toString(claim.holder().pid()),
                Json.time(claim.grantedAt()),
                Json.time(claim.expiresAt()));
    }
}
