package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;

/**
 * A worker's end of the connection to the demo. It receives commands, one a line, and sends answers, one JSON object
 * each.
 */
record WorkerConnection(BufferedReader in, PrintStream out) {
    static final String GO = "go";

    static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }

    void say(ObjectNode answer) {
        out.println(answer);
    }

    /** Sends what the worker has read, and waits until all workers have read. */
    void meet(ObjectNode seen) throws IOException {
        say(seen);
        String word = in.readLine();
        if (!GO.equals(word)) {
            throw new EOFException("Expected '" + GO + "', but got '" + word + "'");
        }
    }
}
