package dev.fencepost.cli;

import dev.fencepost.cli.demo.Worker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = WorkerCommand.NAME, hidden = true, header = "Run an agent of the demo.")
final class WorkerCommand implements Callable<Integer> {
    static final String NAME = "demo-worker";

    private final RootCommand root;

    WorkerCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws IOException {
        Worker.run(
                root.file(), root.agentName(), root.shell().in(), root.shell().out());
        return Exit.DONE;
    }
}
