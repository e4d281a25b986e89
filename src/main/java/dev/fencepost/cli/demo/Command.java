package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Something that a worker can be ordered to do. */
interface Command {
    /** Does it, with the words that follow the order's name; gives the answer. */
    ObjectNode play(List<String> words, WorkerConnection wire) throws IOException;
}
