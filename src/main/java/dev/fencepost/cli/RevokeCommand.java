package dev.fencepost.cli;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        header = "Revoke a claim.",
        description =
                "An operator's command, recorded with the agent's name. A claim on several keys ends for all of them.")
final class RevokeCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "KEY", description = "A key of the claim.")
    private String key = "";

    RevokeCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws NotFoundException {
        Key<String> wanted = Key.text(key);
        try (Store store = root.openExisting()) {
            List<ClaimInfo> ended = root.agent(store).revoke(wanted);
            if (ended.isEmpty()) {
                throw NotFoundException.claim(wanted);
            }
            String keys = ended.stream().map(ClaimInfo::key).collect(Collectors.joining("', '", "'", "'"));
            root.output()
                    .print(
                            Json.one(ended, "keys", Json::held).put("ending", "revoked"),
                            "The claim of " + ended.get(0).holder() + " on " + keys + " was revoked");
            return Exit.DONE;
        }
    }
}
