package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** A command that a worker can execute. */
interface Command {
    /** Executes the command with the words after its name, and returns the answer. */
    ObjectNode play(List<String> words, WorkerConnection wire) throws IOException;
}
