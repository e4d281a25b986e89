package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.WaitInterruptedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A command that runs while a claim is held. When this process is asked to end, the command is ended first and then the
 * claim is given back, in this order. If this process is killed instead, the claim can be taken over at once, and
 * whatever the command still writes under its token is refused.
 */
final class GuardedCommand {
    /** How long the command may take to end when this process is asked to. */
    private static final long PATIENCE_SECONDS = 10;

    private final List<String> command;
    private final Claim claim;
    private final Map<String, String> environment;

    /**
     * How it ended.
     *
     * @param exitCode the command's own
     * @param lost says that the claim was lost while the command ran
     * @param neverBegan says why the command could not be started
     */
    record Ending(int exitCode, Optional<FencedException> lost, Optional<String> neverBegan) {}

    GuardedCommand(List<String> command, Claim claim, Map<String, String> environment) {
        this.command = command;
        this.claim = claim;
        this.environment = environment;
    }

    /** Runs the command to its end, and gives the claim back. */
    Ending run() {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        builder.environment().put(Claiming.VARIABLE, claim.token().text());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ending(
                    Exit.NOT_STARTED, Optional.empty(), Optional.of(Objects.requireNonNullElse(e.getMessage(), "")));
        }
        CountDownLatch ended = new CountDownLatch(1);
        Thread atExit = new Thread(() -> end(process, ended), "fencepost-end-command");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            return new Ending(await(process), release(), Optional.empty());
        } finally {
            ended.countDown();
            forget(atExit);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("for the command", e);
        }
    }

    private Optional<FencedException> release() {
        try {
            claim.release();
            return Optional.empty();
        } catch (FencedException e) {
            return Optional.of(e);
        }
    }

    private static void end(Process process, CountDownLatch ended) {
        process.destroy();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This process is ending already, and the hook waits for just this.
            return;
        }
    }
}
