package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "claim",
        header = "Claim keys: the exclusive right to write them.",
        customSynopsis = {
            "fencepost claim [OPTIONS] KEY...",
            "       fencepost claim [OPTIONS] KEY... -- COMMAND ARG..."
        },
        description = {
            "",
            "Without COMMAND, prints a token. The claim has no heartbeat: it lasts for its lease, or until renew,"
                    + " release or revoke.",
            "",
            "With COMMAND, holds the claim while COMMAND runs, and exits with its exit code. The environment of"
                    + " COMMAND has FENCEPOST_STORE, FENCEPOST_AGENT and the token, FENCEPOST_CLAIM. With --json, the"
                    + " object follows the output of COMMAND.",
            "",
            "A signal to this process (HUP, INT or TERM) ends COMMAND and all processes that it started, by TERM and"
                    + " after 10 s by KILL, and then releases the claim. If the claim is lost, COMMAND is ended in the"
                    + " same way and the exit code is 6.",
            "",
            "COMMAND itself can exit with 5. To tell that from a claim that was not granted, set an exit code that"
                    + " COMMAND does not use, such as --conflict-exit-code 200.",
            ""
        })
final class ClaimCommand implements Callable<Integer> {
    private static final String DELIMITER = "--";
    private static final int MAX_EXIT_CODE = 255;
    /** The maximum hold while COMMAND runs. The process that holds the claim lives as long as COMMAND does. */
    private static final Duration WHILE_IT_RUNS = Duration.ofDays(365);

    private final RootCommand root;

    @Parameters(arity = "1..*", paramLabel = "KEY", description = "The keys; all or none are claimed.")
    private List<String> words = List.of();

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "The time after which the claim can be taken over unless it is renewed. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration lease = Duration.ZERO;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "The maximum wait for keys that are claimed. Default: no wait.")
    private Duration wait = Duration.ZERO;

    @Option(
            names = "--conflict-exit-code",
            paramLabel = "N",
            defaultValue = "5",
            description = "The exit code if the claim is not granted, from 0 to 255. Default: ${DEFAULT-VALUE}.")
    private int conflictExitCode = Exit.BUSY;

    private boolean granted;

    ClaimCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        List<String> command = command();
        List<Key<String>> keys = words.subList(0, words.size() - command.size()).stream()
                .map(Key::text)
                .toList();
        if (keys.isEmpty()) {
            throw root.usage("No keys before --; give the keys to claim");
        }
        if (conflictExitCode < 0 || conflictExitCode > MAX_EXIT_CODE) {
            throw new InvalidInputException("The value of --conflict-exit-code is " + conflictExitCode
                    + "; it must be from 0 to " + MAX_EXIT_CODE + ". Use an exit code that the command does not use.");
        }
        try (Store store = root.open()) {
            return command.isEmpty() ? leave(keys, root.agent(store)) : run(command, keys, store);
        } catch (FencepostException e) {
            ErrorReport refused = ErrorReport.of(e);
            if (granted || refused.exit() != Exit.BUSY) {
                throw e;
            }
            return root.output().refuse(refused.exiting(conflictExitCode));
        }
    }

    private Claim grant(List<Key<String>> keys, Lease terms, Agent agent) {
        Claim claim = agent.claim(keys, terms, wait).orThrow();
        granted = true;
        return claim;
    }

    // The claim outlives this process, so it is not closed, which would release it.
    @SuppressWarnings("try")
    private int leave(List<Key<String>> keys, Agent agent) {
        Claim claim = grant(keys, Lease.withoutHeartbeats(lease), agent);
        ObjectNode json = Json.claim(claim).put("holder", agent.name()).put("expiresAt", Json.time(claim.expiresAt()));
        root.output().print(json, claim.token().text());
        return Exit.DONE;
    }

    private int run(List<String> command, List<Key<String>> keys, Store store) throws IOException {
        Agent agent = root.agent(store);
        Duration longest = lease.compareTo(WHILE_IT_RUNS) > 0 ? lease : WHILE_IT_RUNS;
        // The order matters: signals are handled from before the claim is granted until after it is released.
        try (GuardedCommand guarded = GuardedCommand.prepare(command, root.handedDown(store));
                Claim claim = grant(keys, Lease.of(lease).maxHold(longest), agent)) {
            ObjectNode json = Json.claim(claim).put("holder", agent.name());
            GuardedCommand.Ending ending = guarded.run(claim);
            if (ending.notStarted().isPresent()) {
                return root.output()
                        .refuse(ErrorReport.notStarted(
                                command.get(0), ending.notStarted().get()));
            }
            int exitCode = ending.exitCode().orElseThrow();
            return ending.lost().isPresent() ? lost(ending.lost().get(), exitCode) : done(json, exitCode);
        }
    }

    private int done(ObjectNode json, int exitCode) {
        if (root.output().isJson()) {
            root.output().print(json.put("exitCode", exitCode), "");
        }
        return exitCode;
    }

    private int lost(FencedException e, int exitCode) {
        ErrorReport refused = ErrorReport.of(e);
        refused.json().put("exitCode", exitCode);
        return root.output()
                .refuse(refused.saying("The claim was lost while the command ran (it exited with " + exitCode + "): "
                        + e.getMessage()));
    }

    /** Returns the arguments after the first delimiter, which the parser puts among the keys without the delimiter. */
    private List<String> command() {
        int delimiter = root.args().indexOf(DELIMITER);
        if (delimiter < 0) {
            return List.of();
        }
        List<String> command = root.args().subList(delimiter + 1, root.args().size());
        if (command.isEmpty()) {
            throw root.usage("No command after --; give the command to run");
        }
        return command;
    }
}
