package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.jmh.JmhExperiments;
import dev.fencepost.benchmarks.peers.PeerExperiments;
import dev.fencepost.benchmarks.processes.ProcessExperiments;
import dev.fencepost.benchmarks.report.PerformancePage;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that lists and runs the experiments. Exit code 1 reports that some failed. */
@Command(name = "benchmarks", description = "Runs the experiments and reports what they find.", sortOptions = false)
public final class Main implements Callable<Integer> {
    /** All experiments, in the order of execution and of the report. */
    static final List<Experiment> EXPERIMENTS = Stream.of(
                    PeerExperiments.ALL, ProcessExperiments.ALL, JmhExperiments.ALL)
            .flatMap(List::stream)
            .toList();

    private final List<Experiment> experiments;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--depth",
            paramLabel = "DEPTH",
            defaultValue = "brief",
            description = "How thorough: instant (only whether they work), brief (minutes), or whole. Default: brief.")
    private Depth depth;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "Run these only.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "benchmarks/results",
            description = "Where the reports go. Default: benchmarks/results.")
    private Path out;

    @Option(
            names = "--disk",
            paramLabel = "FOLDER",
            description = "A folder on the disk to measure on. Default: where temporary files go, if that is a disk.")
    private Optional<Path> disk = Optional.empty();

    @Option(
            names = "--page",
            description =
                    "Only rewrite the tables of the guide's page on performance, from the reports in the repository.")
    private boolean page;

    @Option(names = "--list", description = "Only list the experiments.")
    private boolean list;

    @Option(names = "--help", usageHelp = true, description = "Show this, and end.")
    private boolean help;

    Main(List<Experiment> experiments) {
        this.experiments = List.copyOf(experiments);
    }

    /** Runs the command and exits. */
    public static void main(String[] words) {
        PrintWriter terminal = new PrintWriter(System.out, true);
        System.exit(run(EXPERIMENTS, terminal, words));
    }

    /** Runs the command, and returns the exit code. */
    static int run(List<Experiment> experiments, PrintWriter terminal, String... words) {
        return new CommandLine(new Main(experiments))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(terminal)
                .setErr(terminal)
                .execute(words);
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter terminal = spec.commandLine().getOut();
        List<Experiment> chosen = chosen();
        if (list) {
            chosen.forEach(one -> terminal.println(one.name() + "\n    " + one.question()));
            return 0;
        }
        if (page) {
            PerformancePage.update();
            return 0;
        }
        try (Places places = Places.make(disk)) {
            return new Session(depth, places, out, terminal).run(chosen) ? 0 : 1;
        }
    }

    private List<Experiment> chosen() {
        List<String> names = experiments.stream().map(Experiment::name).toList();
        List<String> unknown = new ArrayList<>(only);
        unknown.removeAll(names);
        if (!unknown.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no experiment " + String.join(", ", unknown) + "; there are " + String.join(", ", names));
        }
        return experiments.stream()
                .filter(one -> only.isEmpty() || only.contains(one.name()))
                .toList();
    }
}
