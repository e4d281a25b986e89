package dev.fencepost.cli;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "claims",
        header = "List the claims that have not ended.",
        description =
                "Status: @|bold held|@, or one of those that allow a takeover: @|bold lapsed|@ (the lease expired),"
                        + " @|bold held-too-long|@ (the maximum hold is reached) or @|bold holder-dead|@ (the process"
                        + " exited). With @|bold --at|@, every claim is held, and one that has ended since has its end"
                        + " as expiry.")
final class ClaimsCommand implements Callable<Integer> {
    private final RootCommand root;

    @Mixin
    private AsOfOption at = new AsOfOption();

    @Mixin
    private Paging paging = new Paging();

    ClaimsCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            AsOfOption.Cut<Page<ClaimInfo>> cut = at.read(
                    root,
                    store,
                    Json.object(),
                    then -> then.claims(paging.after(), paging.limit()),
                    () -> store.claims(paging.after(), paging.limit()));
            Page<ClaimInfo> claims = cut.found();
            root.output()
                    .print(
                            claims.stream()
                                    .map(claim -> cut.in(Json.held(claim)))
                                    .toList(),
                            List.of("KEY", "EPOCH", "HOLDER", "PID", "STATUS", "GRANTED", "EXPIRES"),
                            claims.stream().map(ClaimsCommand::row).toList());
            if (claims.isEmpty() && paging.after().isEmpty()) {
                root.output().note("No claims.");
            }
            cut.note(root.output());
            Paging.note(root.output(), claims, ClaimInfo::key);
            return Exit.DONE;
        }
    }

    private static List<String> row(ClaimInfo claim) {
        return List.of(
                claim.key(),
                Long.toString(claim.epoch()),
                claim.holder().agent(),
                Long.toString(claim.holder().pid()),
                claim.status().word(),
                Json.time(claim.grantedAt()),
                Json.time(claim.expiresAt()));
    }
}
