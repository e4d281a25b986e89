package dev.fencepost.cli;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.LostClaim;
import dev.fencepost.WaitInterruptedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs while a claim is held. It is prepared before the claim is requested, so that a signal can never
 * end this process and leave the command running. A signal, or the loss of the claim, ends all processes of the
 * command, and then the claim is released. A signal before the start prevents the start.
 *
 * <p>If this process is killed, the command continues. The claim can then be taken over at once, and writes of the
 * command under its token are refused.
 */
final class GuardedCommand implements AutoCloseable {
    /** The longest time between TERM and KILL. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** The longest wait for the caller to release the claim, after the end of the command. */
    private static final long LONGEST_RETURN_SECONDS = 20;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Duration patience;
    private final Thread caller = Thread.currentThread();
    private final Thread atExit = new Thread(this::stopAtExit, "fencepost-end-command");
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Guarded by this object. */
    private boolean stopping;
    /** Empty until the command was started. Guarded by this object. */
    private Optional<ProcessTree> tree = Optional.empty();

    /**
     * The end of a guarded command.
     *
     * @param exitCode the exit code of the command; empty if it was not started
     * @param lost the loss of the claim, if it was lost while the command ran
     * @param notStarted the reason why the command was not started
     */
    record Ending(OptionalInt exitCode, Optional<FencedException> lost, Optional<String> notStarted) {}

    private GuardedCommand(List<String> command, Map<String, String> environment, Duration patience) {
        this.command = command;
        this.environment = environment;
        this.patience = patience;
    }

    /**
     * Prepares to run a command. From now on, signals to this process are handled here.
     *
     * @throws WaitInterruptedException if this process is already ending
     */
    static GuardedCommand prepare(List<String> command, Map<String, String> environment) {
        return prepare(command, environment, PATIENCE);
    }

    /**
     * Prepares to run a command.
     *
     * @param patience the longest time between TERM and KILL
     */
    static GuardedCommand prepare(List<String> command, Map<String, String> environment, Duration patience) {
        GuardedCommand guarded = new GuardedCommand(command, environment, patience);
        try {
            Runtime.getRuntime().addShutdownHook(guarded.atExit);
        } catch (IllegalStateException e) {
            InterruptedException ending = new InterruptedException("This process was asked to end");
            ending.initCause(e);
            throw new WaitInterruptedException("for the claim", ending);
        }
        return guarded;
    }

    /**
     * Runs the command to its end, and releases the claim. The caller closes the claim if the command was not started.
     */
    Ending run(Claim claim) {
        CompletionStage<LostClaim> lost = claim.lost();
        Process process;
        try {
            process = start(claim);
        } catch (IOException e) {
            return notStarted(Objects.requireNonNullElse(e.getMessage(), ""));
        }
        if (process == null) {
            // The interrupt has served its purpose, and must not disturb the release of the claim.
            boolean unused = Thread.interrupted();
            return notStarted("this process was asked to end");
        }
        CompletionStage<Void> unused = lost.thenAcceptAsync(ended -> stop(), GuardedCommand::onThread);
        int exitCode = await(process);
        return new Ending(OptionalInt.of(exitCode), release(claim), Optional.empty());
    }

    private static Ending notStarted(String reason) {
        return new Ending(OptionalInt.empty(), Optional.empty(), Optional.of(reason));
    }

    /** Starts the command. Returns null if this process was asked to end before. */
    private synchronized @Nullable Process start(Claim claim) throws IOException {
        if (stopping) {
            return null;
        }
        String token = claim.token().text();
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(environment);
        builder.environment().put(ClaimOption.VARIABLE, token);
        Process process = builder.start();
        tree = Optional.of(new ProcessTree(process, ClaimOption.VARIABLE + "=" + token, patience));
        return process;
    }

    private int await(Process process) {
        try {
            int exitCode = process.waitFor();
            if (isStopping()) {
                // The first process has ended; the others may not have.
                stop();
            }
            return exitCode;
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("for the command", e);
        }
    }

    private static Optional<FencedException> release(Claim claim) {
        try {
            claim.release();
            return Optional.empty();
        } catch (FencedException e) {
            return Optional.of(e);
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Ends all processes of the command and waits for their end. From now on, the command is not started. */
    void stop() {
        Optional<ProcessTree> running;
        synchronized (this) {
            stopping = true;
            running = tree;
            if (running.isEmpty()) {
                // The caller may be waiting for the claim. If it gets the claim anyway, it clears the interrupt.
                caller.interrupt();
            }
        }
        running.ifPresent(ProcessTree::end);
    }

    private void stopAtExit() {
        stop();
        try {
            boolean unused = closed.await(LONGEST_RETURN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void onThread(Runnable task) {
        Thread thread = new Thread(task, "fencepost-claim-lost");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the handling of signals. Called after the claim was released. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This process is already ending, and the hook waits for this very call.
            return;
        }
    }
}
