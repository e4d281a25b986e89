package dev.fencepost.cli;

import dev.fencepost.ClaimToken;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "saga",
        header = "Show the journal of a saga, or control a saga.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "@|bold saga ID|@ shows its journal as a timeline.",
        addMethodSubcommands = false)
final class SagaCommand implements CommandGroup, Callable<Integer> {
    /** The meaning of two outcomes. */
    private static final String FAILURES = "failed: it was not executed, and can be retried; refused: it was not"
            + " executed, and a retry is useless";

    private static final String TEXT = "The output of the step, or the reason why it failed or was refused.";

    private final RootCommand root;

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The saga.")
    private @Nullable String id;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The maximum number of journal entries, up to 10000. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--after",
            paramLabel = "N",
            description = "The journal entry after which to begin. Default: begin with the first.")
    private long after;

    SagaCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public RootCommand root() {
        return root;
    }

    @Override
    public Integer call() throws NotFoundException {
        String wanted = id;
        if (wanted == null) {
            throw root.usage("saga needs the ID of a saga, or a command: retry, skip, confirm, resolve, cancel, forget,"
                    + " begin, next, record, take, report");
        }
        try (Store store = root.openExisting()) {
            SagaInfo saga = root.agent(store)
                    .sagas()
                    .find(wanted, after, limit)
                    .orElseThrow(() -> NotFoundException.saga(wanted));
            if (root.output().isJson()) {
                print(Json.journal(saga), "");
            } else {
                printTimeline(saga);
            }
            root.output().more(saga.journal(), last -> Long.toString(last.number()));
            return Exit.DONE;
        }
    }

    private void printTimeline(SagaInfo saga) {
        String reason = saga.reason().map(text -> " (" + text + ")").orElse("");
        String coordinator = saga.coordinator()
                .map(held -> ", coordinated by " + held.holder() + " under epoch " + held.epoch())
                .orElse("");
        root.output()
                .note(saga.id() + ": " + saga.definition() + " " + saga.version() + ", "
                        + saga.state().word() + reason + coordinator);
        List<List<String>> rows = new ArrayList<>();
        Instant before = saga.begunAt();
        for (JournalEntry entry : saga.journal()) {
            rows.add(List.of(
                    Json.time(entry.at()),
                    "+" + Duration.between(before, entry.at()).toMillis() + " ms",
                    entry.type().word(),
                    entry.step().orElse("-"),
                    entry.attempt() == 0 ? "-" : Integer.toString(entry.attempt()),
                    entry.epoch().map(epoch -> Long.toString(epoch)).orElse("-"),
                    entry.agent(),
                    entry.text().orElse("")));
            before = entry.at();
        }
        root.output().print(List.of(), List.of("AT", "AFTER", "WHAT", "STEP", "ATTEMPT", "EPOCH", "BY", "TEXT"), rows);
    }

    /** The arguments of an operator's decision on a saga. */
    private static final class Decision {
        @Parameters(paramLabel = "ID", description = "The saga.")
        private String saga = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "The reason, for the journal.")
        private String note = "";
    }

    @Command(
            header = "Retry the step at which a saga is stuck.",
            description = "A step with an unknown outcome runs again. A process that recovers sagas of this definition"
                    + " continues the saga.")
    void retry(@Mixin Decision decision) throws NotFoundException {
        decide(decision, sagas -> sagas.retry(decision.saga, decision.note), "continues");
    }

    @Command(
            header = "Skip the step, or the compensation, at which a saga is stuck.",
            description = "A skipped step is not compensated later.")
    void skip(
            @Mixin Decision decision,
            @Option(
                            names = "--output",
                            paramLabel = "TEXT",
                            defaultValue = "",
                            description = "The output to assume for the step.")
                    String output)
            throws NotFoundException {
        String text = output.isEmpty() ? decision.note : output;
        decide(decision, sagas -> sagas.skip(decision.saga, text), "continues without that step");
    }

    @Command(header = "Confirm that the step at which a saga is stuck was executed.")
    void confirm(
            @Mixin Decision decision,
            @Option(names = "--output", paramLabel = "TEXT", defaultValue = "", description = "The output of the step.")
                    String output)
            throws NotFoundException {
        String text = output.isEmpty() ? decision.note : output;
        decide(decision, sagas -> sagas.confirm(decision.saga, text), "continues");
    }

    @Command(header = "End a stuck saga by hand.")
    void resolve(@Mixin Decision decision) throws NotFoundException {
        decide(decision, sagas -> sagas.resolve(decision.saga, decision.note), "has ended");
    }

    @Command(header = "Cancel a saga.", description = "The saga is rolled back, unless it is past its pivot.")
    void cancel(@Mixin Decision decision) throws NotFoundException {
        decide(decision, sagas -> sagas.cancel(decision.saga, decision.note), "was asked to end");
    }

    private void decide(Decision decision, Consumer<Sagas> action, String result) throws NotFoundException {
        try (Store store = root.openExisting()) {
            Sagas sagas = root.agent(store).sagas();
            if (sagas.find(decision.saga).isEmpty()) {
                throw NotFoundException.saga(decision.saga);
            }
            action.accept(sagas);
            SagaInfo saga = sagas.find(decision.saga).orElseThrow(() -> NotFoundException.saga(decision.saga));
            print(Json.saga(saga), "The saga '" + decision.saga + "' " + result);
        }
    }

    @Command(
            header = "Delete sagas that have ended, with their journals.",
            description = "Their IDs can be used again.")
    void forget(
            @Option(
                            names = "--older-than",
                            required = true,
                            paramLabel = "TIME",
                            description = "The minimum time since the end of a saga.")
                    Duration olderThan)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            int forgotten = root.agent(store).sagas().forget(olderThan);
            print(
                    Json.object().put("forgotten", forgotten),
                    forgotten + (forgotten == 1 ? " saga was" : " sagas were") + " forgotten");
        }
    }

    @Command(
            header = "Begin a manual saga, or resume it.",
            description = "Prints the token for reports. @|bold saga next|@ prints the step to do or to compensate.")
    void begin(
            @Parameters(index = "0", paramLabel = "ID", description = "The saga.") String saga,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "STEP", description = "The steps, in order.")
                    List<String> steps,
            @Option(
                            names = "--lease",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            description =
                                    "The time without a report after which another agent can resume it. Default: 1h.")
                    Duration lease) {
        try (Store store = root.open()) {
            ManualSaga manual = root.agent(store).sagas().startManual(saga, steps, Lease.withoutHeartbeats(lease));
            print(Json.manual(manual), manual.token().text());
        }
    }

    @Command(
            header = "Print the next step of a manual saga.",
            description = "Prints @|bold do STEP|@ or @|bold compensate STEP|@, followed by @|bold in doubt|@ if it was"
                    + " started and not reported. Prints the state once the saga has ended: @|bold"
                    + " completed|@, @|bold compensated|@ or @|bold resolved|@. Exits with 6 if another agent"
                    + " resumed the saga and it has not ended.")
    void next(@Parameters(paramLabel = "TOKEN", description = "The token that begin printed.") String token)
            throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            ManualSaga saga = root.agent(store).sagas().resumeManual(wanted);
            String line = saga.next()
                    .map(next -> (next.isCompensation() ? "compensate " : "do ")
                            + next.step()
                            + (next.inDoubt() ? " in doubt" : ""))
                    .orElseGet(() -> saga.state().word());
            print(Json.manual(saga), line);
        }
    }

    /** The outcome of a step of a manual saga. */
    private enum StepOutcome {
        STARTED,
        DONE,
        FAILED,
        REFUSED,
        UNDONE
    }

    @Command(header = "Report the outcome of a step of a manual saga.")
    void record(
            @Parameters(index = "0", paramLabel = "TOKEN", description = "The token that begin printed.") String token,
            @Parameters(
                            index = "1",
                            paramLabel = "OUTCOME",
                            description = "started: the step, or its compensation, is about to run; done; " + FAILURES
                                    + "; undone: the step was compensated.")
                    StepOutcome outcome,
            @Parameters(index = "2", paramLabel = "STEP", description = "The step.") String step,
            @Parameters(index = "3", arity = "0..1", paramLabel = "TEXT", defaultValue = "", description = TEXT)
                    String text)
            throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            ManualSaga saga = root.agent(store).sagas().resumeManual(wanted);
            switch (outcome) {
                case STARTED -> saga.started(step);
                case DONE -> saga.done(step, text);
                case FAILED -> saga.failed(step, text);
                case REFUSED -> saga.refused(step, text);
                case UNDONE -> saga.compensated(step);
            }
            print(Json.manual(saga), saga.id() + ": " + saga.state().word());
        }
    }

    @Command(
            header = "Claim the oldest open task of a role.",
            description =
                    "Prints the token for the report, then the task. With @|bold --json|@, also the idempotency key,"
                            + " and the epoch as fencing token for external systems. Exits with 3 if there is no task.")
    void take(
            @Parameters(paramLabel = "ROLE", description = "The role of this agent, such as 'warehouse'.") String role,
            @Option(
                            names = "--lease",
                            paramLabel = "TIME",
                            defaultValue = "5m",
                            description = "The time after which another agent can claim the task. Default: 5m.")
                    Duration lease,
            @Option(
                            names = "--wait",
                            paramLabel = "TIME",
                            defaultValue = "0s",
                            description = "The maximum wait for a task. Default: no wait.")
                    Duration wait)
            throws NotFoundException {
        try (Store store = root.openExisting()) {
            // This process ends at once, so its heartbeats cannot keep the claim alive.
            StepTask task = root.agent(store)
                    .sagas()
                    .claimTask(role, Lease.withoutHeartbeats(lease), wait)
                    .orElseThrow(() -> new NotFoundException(
                            "No task for the role '" + role + "'", Json.object().put("role", role)));
            String action = task.isCompensation() ? "compensate " : "do ";
            String line = action + task.step() + " of " + task.saga() + ": " + task.input();
            root.output().print(Json.task(task), List.of(task.token().text(), line));
        }
    }

    /** The outcome of a task. */
    private enum TaskOutcome {
        DONE,
        FAILED,
        REFUSED
    }

    @Command(header = "Report the outcome of a claimed task.")
    void report(
            @Parameters(index = "0", paramLabel = "TOKEN", description = "The token that take printed.") String token,
            @Parameters(index = "1", paramLabel = "OUTCOME", description = "done; " + FAILURES + ".")
                    TaskOutcome outcome,
            @Parameters(index = "2", arity = "0..1", paramLabel = "OUTPUT", defaultValue = "", description = TEXT)
                    String output)
            throws NotFoundException {
        ClaimToken wanted = new ClaimToken(token);
        try (Store store = root.openExisting()) {
            StepTask task = root.agent(store).sagas().resumeTask(wanted);
            switch (outcome) {
                case DONE -> task.done(output);
                case FAILED -> task.failed(output);
                case REFUSED -> task.refused(output);
            }
            print(Json.task(task), "Reported: " + task);
        }
    }
}
