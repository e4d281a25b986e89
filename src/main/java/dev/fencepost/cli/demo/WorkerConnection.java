package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;

/** A worker's end of the line to the demo: orders come in, a line each; answers go out, one JSON object each. */
record WorkerConnection(BufferedReader in, PrintStream out) {
    static final String GO = "go";

    static ObjectNode answer() {
        return JsonNodeFactory.instance.objectNode();
    }

    void say(ObjectNode answer) {
        out.println(answer);
    }

    /** Says what was seen, and waits until everyone has seen it. */
    void meet(ObjectNode seen) throws IOException {
        say(seen);
        String word = in.readLine();
        if (!GO.equals(word)) {
            throw new EOFException("Expected '" + GO + "', but got '" + word + "'");
        }
    }
}
