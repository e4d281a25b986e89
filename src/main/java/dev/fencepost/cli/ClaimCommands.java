package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimToken;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands on claims that were granted. */
interface ClaimCommands extends CommandGroup {
    Table<ClaimInfo> CLAIMS = new Table<>(Json::held)
            .fields(
                    "KEY:key",
                    "EPOCH:epoch",
                    "HOLDER:holder",
                    "PID:pid",
                    "STATUS:status",
                    "GRANTED:grantedAt",
                    "EXPIRES:expiresAt");

    @Command(
            header = "List the claims that have not ended.",
            description =
                    "Status: @|bold held|@, or one of those that allow a takeover: @|bold lapsed|@ (the lease expired),"
                            + " @|bold held-too-long|@ (the maximum hold is reached) or @|bold holder-dead|@ (the process"
                            + " exited). With @|bold --at|@, every claim is held, and one that has ended since has its"
                            + " end as expiry.")
    default void claims(@Mixin AsOfOption at, @Mixin Paging paging) throws NotFoundException {
        try (Store store = root().openExisting()) {
            print(
                    at.read(
                            root(),
                            store,
                            Json.object(),
                            then -> then.claims(paging.after(), paging.limit()),
                            () -> store.claims(paging.after(), paging.limit())),
                    CLAIMS,
                    ClaimInfo::key,
                    paging.none("No claims."));
        }
    }

    // The claim is renewed to outlive this process, so it is not closed, which would release it.
    @SuppressWarnings("try")
    @Command(header = "Renew a claim: its lease begins again.")
    default void renew(@Parameters(paramLabel = "TOKEN", description = "The token that claim printed.") String token)
            throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root().openExisting()) {
            Claim claim = root().agent(store).resume(wanted);
            String expires = Json.time(claim.renew());
            print(
                    Json.claim(claim).put("expiresAt", expires),
                    "The claim on " + claim.keys() + " expires at " + expires);
        }
    }

    @Command(header = "Release a claim.")
    default void release(@Parameters(paramLabel = "TOKEN", description = "The token that claim printed.") String token)
            throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root().openExisting();
                Claim claim = root().agent(store).resume(wanted)) {
            claim.release();
            print(Json.claim(claim), "The claim on " + claim.keys() + " was released");
        }
    }

    @Command(
            header = "Revoke a claim.",
            description = "An operator's command, recorded with the agent's name. A claim on several keys ends for all"
                    + " of them.")
    default void revoke(@Parameters(paramLabel = "KEY", description = "A key of the claim.") String key)
            throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root().openExisting()) {
            List<ClaimInfo> ended = root().agent(store).revoke(wanted);
            if (ended.isEmpty()) {
                throw new NotFoundException("'" + key + "' is not claimed", Json.key(key));
            }
            String keys = ended.stream().map(ClaimInfo::key).collect(Collectors.joining("', '", "'", "'"));
            print(
                    Json.one(ended, "keys", Json::held).put("ending", "revoked"),
                    "The claim of " + ended.get(0).holder() + " on " + keys + " was revoked");
        }
    }
}
