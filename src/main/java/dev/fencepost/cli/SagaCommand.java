package dev.fencepost.cli;

import dev.fencepost.Store;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "saga",
        header = "Show the journal of a saga, or control a saga.",
        synopsisSubcommandLabel = "[COMMAND]",
        description = "@|bold saga ID|@ shows its journal as a timeline.")
final class SagaCommand implements Callable<Integer> {
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

    private SagaCommand(RootCommand root) {
        this.root = root;
    }

    /** Creates the command with its subcommands. */
    static CommandLine of(RootCommand root) {
        CommandLine command = new CommandLine(new SagaCommand(root));
        command.addSubcommand(new SagaDecision.Retry(root));
        command.addSubcommand(new SagaDecision.Skip(root));
        command.addSubcommand(new SagaDecision.Confirm(root));
        command.addSubcommand(new SagaDecision.Resolve(root));
        command.addSubcommand(new SagaDecision.Cancel(root));
        command.addSubcommand(new SagaForgetCommand(root));
        command.addSubcommand(new SagaBeginCommand(root));
        command.addSubcommand(new SagaNextCommand(root));
        command.addSubcommand(new SagaRecordCommand(root));
        command.addSubcommand(new SagaTakeCommand(root));
        command.addSubcommand(new SagaReportCommand(root));
        return command;
    }

    @Override
    public Integer call() throws NotFoundException {
        String wanted = id;
        if (wanted == null) {
            throw root.usage(
                    "saga needs the ID of a saga, or a command: retry, skip, confirm, resolve, cancel, forget, begin,"
                            + " next, record,"
                            + " take, report");
        }
        try (Store store = root.openExisting()) {
            SagaInfo saga = root.agent(store)
                    .sagas()
                    .find(wanted, after, limit)
                    .orElseThrow(() -> NotFoundException.saga(wanted));
            if (root.output().isJson()) {
                root.output().print(SagaJson.whole(saga), "");
            } else {
                tell(saga);
            }
            Paging.note(root.output(), saga.journal(), last -> Long.toString(last.number()));
            return Exit.DONE;
        }
    }

    private void tell(SagaInfo saga) {
        root.output()
                .note(saga.id() + ": " + saga.definition() + " " + saga.version() + ", "
                        + saga.state().word()
                        + saga.reason().map(reason -> " (" + reason + ")").orElse("")
                        + saga.coordinator()
                                .map(held -> ", coordinated by " + held.holder() + " under epoch " + held.epoch())
                                .orElse(""));
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
}
