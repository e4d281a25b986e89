package dev.fencepost.cli;

import dev.fencepost.Store;
import dev.fencepost.saga.Sagas;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An operator's decision on a saga. */
abstract sealed class SagaDecision implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "ID", description = "The saga.")
    private String id = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "The reason, for the journal.")
    private String note = "";

    private SagaDecision(RootCommand root) {
        this.root = root;
    }

    /** Applies the decision, and returns a sentence about it. */
    abstract String decide(Sagas sagas, String saga, String text);

    @Override
    public Integer call() throws NotFoundException {
        try (Store store = root.openExisting()) {
            Sagas sagas = root.agent(store).sagas();
            if (sagas.find(id).isEmpty()) {
                throw NotFoundException.saga(id);
            }
            String told = decide(sagas, id, note);
            root.output().print(SagaJson.saga(sagas.find(id).orElseThrow(() -> NotFoundException.saga(id))), told);
            return Exit.DONE;
        }
    }

    @Command(
            name = "retry",
            header = "Retry the step at which a saga is stuck.",
            description = "A step with an unknown outcome runs again. A process that recovers sagas of this definition"
                    + " continues the saga.")
    static final class Retry extends SagaDecision {
        Retry(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.retry(saga, text);
            return "The saga '" + saga + "' continues";
        }
    }

    @Command(
            name = "skip",
            header = "Skip the step, or the compensation, at which a saga is stuck.",
            description = "A skipped step is not compensated later.")
    static final class Skip extends SagaDecision {
        @Option(names = "--output", paramLabel = "TEXT", description = "The output to assume for the step.")
        private String output = "";

        Skip(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.skip(saga, output.isEmpty() ? text : output);
            return "The saga '" + saga + "' continues without that step";
        }
    }

    @Command(name = "confirm", header = "Confirm that the step at which a saga is stuck was executed.")
    static final class Confirm extends SagaDecision {
        @Option(names = "--output", paramLabel = "TEXT", description = "The output of the step.")
        private String output = "";

        Confirm(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.confirm(saga, output.isEmpty() ? text : output);
            return "The saga '" + saga + "' continues";
        }
    }

    @Command(name = "resolve", header = "End a stuck saga by hand.")
    static final class Resolve extends SagaDecision {
        Resolve(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.resolve(saga, text);
            return "The saga '" + saga + "' has ended";
        }
    }

    @Command(
            name = "cancel",
            header = "Cancel a saga.",
            description = "The saga is rolled back, unless it is past its pivot.")
    static final class Cancel extends SagaDecision {
        Cancel(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.cancel(saga, text);
            return "The saga '" + saga + "' was asked to end";
        }
    }
}
