package dev.fencepost.cli;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: the options of all commands, the commands themselves, and the output of their errors. */
@Command(
        name = "fencepost",
        addMethodSubcommands = false,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Shared state for agents that run as several processes, in one SQLite file.",
        description = {
            "",
            "No lost updates: a write can require the version that it is based on. No zombie writes: claims are"
                    + " fenced, so a write under a lost claim is refused. Options may precede or follow the command."
        },
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:done",
            " 1:unexpected error, or @|bold check|@ has findings",
            " 2:invalid command line or value",
            " 3:not found: no such key, version, claim, saga, task, cursor, dead letter or rule, no store in the file,"
                    + " or pruned",
            " 4:conflict: a condition on a key, stream or saga does not hold; nothing was written",
            " 5:claimed by another agent, or the file is busy; retrying can help",
            " 6:fenced: the claim was lost; nothing was written",
            " 7:the store is unusable",
            " *:@|bold claim KEY -- COMMAND|@ exits as COMMAND does, or 127 if it cannot be started"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fencepost put plans/launch '{\"step\": 1}' --if-absent",
            "  fencepost put plans/launch '{\"step\": 2}' --if-version 1",
            "  fencepost claim plans/launch -- ./work-on-it.sh     # like flock, but fenced",
            "  TOKEN=$(fencepost claim plans/launch --lease 5m)    # held until it is released",
            "  fencepost put plans/launch done --claim $TOKEN",
            "  fencepost get plans/launch --at 2h                  # as it was two hours ago",
            "  fencepost history plans/launch --compare 1..2",
            "  fencepost watch plans/ --json                       # each change as it is committed"
        })
final class RootCommand
        implements ValueCommands,
                HistoryCommands,
                EventCommands,
                ClaimCommands,
                SagaCommands,
                MaintenanceCommands,
                DemoCommands,
                Callable<Integer> {
    private static final String PROVENANCE = "FENCEPOST_PROVENANCE";
    private static final String UNTRUSTED = "FENCEPOST_UNTRUSTED_FILE_SYSTEM";

    private final Shell shell;
    private final List<String> args;
    private final CommandLine commandLine;

    @Option(
            names = {"-s", "--store"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "The store file. Default: $$FENCEPOST_STORE, then fencepost.db. Created by put, append, claim and"
                            + " saga begin.")
    private @Nullable Path store;

    @Option(
            names = {"-a", "--agent"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The agent that writes. Default: $$FENCEPOST_AGENT, then the name of the user.")
    private @Nullable String agent;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "JSON output, also for errors: one object, or one a line if there can be several.")
    private boolean json;

    @Option(
            names = "--provenance",
            scope = ScopeType.INHERIT,
            description = "A record of what each commit read, and of refused writes, for blame and conflicts. Default:"
                    + " $$FENCEPOST_PROVENANCE, then false.")
    private boolean provenance;

    @Option(
            names = "--untrusted-file-system",
            scope = ScopeType.INHERIT,
            description =
                    "Permission for a file on the file system of a network or virtual machine, opened by one process"
                            + " at a time. Default: $$FENCEPOST_UNTRUSTED_FILE_SYSTEM, then false.")
    private boolean untrusted;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Help, or that of a command.")
    @SuppressWarnings("UnusedVariable") // The parser acts on it by itself.
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    @SuppressWarnings("UnusedVariable") // The parser acts on it by itself.
    private boolean version;

    RootCommand(Shell shell, List<String> args) {
        this.shell = shell;
        this.args = args;
        this.commandLine = new CommandLine(this);
        add(commandLine, ValueCommands.class, "get put list delete");
        add(commandLine, HistoryCommands.class, "history blame conflicts");
        add(commandLine, EventCommands.class, "append events watch");
        commandLine.addSubcommand(new ClaimCommand(this));
        add(commandLine, ClaimCommands.class, "claims renew release revoke");
        add(commandLine, SagaCommands.class, "sagas");
        add(commandLine, MaintenanceCommands.class, "check backup restore adopt");
        add(commandLine, DemoCommands.class, "demo worker");
        commandLine.addSubcommand(add(
                new CommandLine(new SagaCommand(this)),
                SagaCommand.class,
                "retry skip confirm resolve cancel forget begin next record take report"));
        commandLine.addSubcommand(
                add(new CommandLine(new CursorsCommand(this)), CursorsCommand.class, "move drop deadLetters discard"));
        commandLine.addSubcommand(
                add(new CommandLine(new RetentionCommand(this)), RetentionCommand.class, "keep remove claims run"));
        // A value may begin with '@' without naming a file of arguments.
        commandLine.setExpandAtFiles(false);
        WholeNumbers.register(commandLine);
        commandLine.registerConverter(Duration.class, new Durations());
        commandLine.registerConverter(PointInTime.class, text -> PointInTime.of(text, ZoneId.systemDefault()));
        commandLine.registerConverter(HistoryCommands.Range.class, new HistoryCommands.Range.Converter());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setColorScheme(Help.defaultColorScheme(shell.ansi()));
        commandLine.setUsageHelpAutoWidth(shell.terminal());
        commandLine.setOut(writer(shell.out()));
        commandLine.setErr(writer(shell.err()));
        commandLine.setParameterExceptionHandler((e, all) -> usage(e));
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> output().refuse(ErrorReport.of(e)));
    }

    /** Adds methods of a group as subcommands, in this order, and returns their parent. */
    private static CommandLine add(CommandLine parent, Class<? extends CommandGroup> group, String methods) {
        for (String method : methods.split(" ", -1)) {
            CommandLine.getCommandMethods(group, method)
                    .forEach(command -> parent.addSubcommand(new CommandLine(command)));
        }
        return parent;
    }

    /** Runs the command that the arguments name, and returns its exit code. */
    int execute() {
        return commandLine.execute(args.toArray(String[]::new));
    }

    /** Called only if no command is named. */
    @Override
    public Integer call() {
        throw usage("A command is missing");
    }

    @Override
    public RootCommand root() {
        return this;
    }

    /** Returns the arguments unchanged. */
    List<String> args() {
        return args;
    }

    Shell shell() {
        return shell;
    }

    Output output() {
        return new Output(shell, json);
    }

    /** Creates the error for an invalid command line. */
    ParameterException usage(String message) {
        return new ParameterException(commandLine, message);
    }

    /** Reads all of standard input as text. */
    String standardInput() throws IOException {
        return StrictText.read(shell.in(), config().maxValueBytes());
    }

    /** Opens the store, and creates the file if there is none. */
    Store open() {
        StrictText.check(args);
        return Store.open(config());
    }

    /** Opens the store, which must exist: a command that only reads must not create a file. */
    Store openExisting() throws NotFoundException {
        StrictText.check(args);
        try {
            return Store.open(config().withCreation(false));
        } catch (UnusableStoreException e) {
            throw NotFoundException.store(e, file());
        }
    }

    /** Returns the configuration of the store. */
    StoreConfig config() {
        return StoreConfig.of(file())
                .withProvenance(isSet(provenance, PROVENANCE))
                .withUntrustedFileSystem(isSet(untrusted, UNTRUSTED));
    }

    private boolean isSet(boolean option, String variable) {
        String text = shell.variable(variable).orElse("false");
        if (option || text.equals("true") || text.equals("1")) {
            return true;
        } else if (text.equals("false") || text.equals("0")) {
            return false;
        }
        throw usage(variable + " is '" + text + "'; set it to true or false");
    }

    /**
     * Returns the environment variables for a command that is run from here, which gives it the same store and agent.
     */
    Map<String, String> handedDown(Store open) {
        return Map.of(
                "FENCEPOST_STORE",
                open.file().toString(),
                "FENCEPOST_AGENT",
                agentName(),
                PROVENANCE,
                Boolean.toString(isSet(provenance, PROVENANCE)),
                UNTRUSTED,
                Boolean.toString(isSet(untrusted, UNTRUSTED)));
    }

    /** Returns the agent that the options name. */
    Agent agent(Store store) {
        return store.agent(agentName());
    }

    /** Returns the file that the options name, if any. */
    Optional<Path> namedFile() {
        return Optional.ofNullable(store);
    }

    /** Returns the file of the store. */
    Path file() {
        return namedFile()
                .or(() -> shell.variable("FENCEPOST_STORE").map(Path::of))
                .orElse(Path.of("fencepost.db"));
    }

    /** Returns the name of the agent. */
    String agentName() {
        return Optional.ofNullable(agent)
                .or(() -> shell.variable("FENCEPOST_AGENT"))
                .orElse(System.getProperty("user.name", "cli"));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private int usage(ParameterException e) {
        boolean wantsJson = args.stream().takeWhile(arg -> !arg.equals("--")).anyMatch("--json"::equals);
        Output output = new Output(shell, wantsJson);
        int code = output.refuse(ErrorReport.usage(message(e)));
        if (!wantsJson) {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            shell.err().println("Try '" + name + " --help'.");
        }
        return code;
    }

    private String message(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched && e.getCommandLine() == commandLine) {
            return "'" + unmatched.getUnmatched().get(0) + "' is neither a command nor an option";
        }
        String message = Objects.requireNonNullElse(e.getMessage(), "The command line is invalid");
        return message + WholeNumbers.bounds(e).orElseGet(() -> hint(e));
    }

    /** Returns a hint if a value that begins with a dash was read as one or several options. */
    private String hint(ParameterException e) {
        Set<String> known = e.getCommandLine().getCommandSpec().optionsMap().keySet();
        boolean dash = (e instanceof UnmatchedArgumentException || e instanceof MissingParameterException)
                && args.stream()
                        .takeWhile(arg -> !arg.equals("--"))
                        .anyMatch(arg -> arg.length() > 1
                                && arg.startsWith("-")
                                && !known.contains(arg.replaceFirst("=.*", "")));
        return dash ? "; write -- before a value that begins with '-'" : "";
    }
}
