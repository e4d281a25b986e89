package dev.fencepost.cli;

import dev.fencepost.Sagas;
import dev.fencepost.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An operator's decision on a saga. */
abstract sealed class SagaDecision implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(paramLabel = "ID", description = "The saga.")
    private String id = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; it stands in the journal.")
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
            header = "Let a stuck saga go on with the step at which it is stuck.",
            description = "A step of which nobody knows whether it happened runs again. Whoever recovers sagas of this"
                    + " definition carries it on.")
    static final class Retry extends SagaDecision {
        Retry(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.retry(saga, text);
            return "The saga '" + saga + "' goes on";
        }
    }

    @Command(
            name = "skip",
            header = "Leave out the step at which a saga is stuck, or take it for undone.",
            description = "A step that is left out is not undone later.")
    static final class Skip extends SagaDecision {
        @Option(names = "--output", paramLabel = "TEXT", description = "What the step is taken to have given.")
        private String output = "";

        Skip(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.skip(saga, output.isEmpty() ? text : output);
            return "The saga '" + saga + "' goes on without that step";
        }
    }

    @Command(name = "confirm", header = "Say that the step at which a saga is stuck did happen.")
    static final class Confirm extends SagaDecision {
        @Option(names = "--output", paramLabel = "TEXT", description = "What the step gave.")
        private String output = "";

        Confirm(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.confirm(saga, output.isEmpty() ? text : output);
            return "The saga '" + saga + "' goes on";
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
            header = "Ask for the end of a saga.",
            description = "What was done is undone, unless the saga is past its pivot.")
    static final class Cancel extends SagaDecision {
        Cancel(RootCommand root) {
            super(root);
        }

        @Override
        String decide(Sagas sagas, String saga, String text) {
            sagas.cancel(saga, text);
            return "The end of the saga '" + saga + "' is asked for";
        }
    }
}
