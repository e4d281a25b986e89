package dev.fencepost.cli.demo;

import dev.fencepost.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One agent of the demo, in a process of its own. It executes commands from standard input until that ends. */
public final class Worker {
    private Worker() {}

    /** Runs a worker on the files of the demo, under an agent's name. */
    public static void run(Path file, String me, InputStream in, PrintStream out) throws IOException {
        try (Store store = Store.open(DemoEnvironment.config(file));
                PlainTable table = PlainTable.open(DemoEnvironment.plainFile(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Map<String, Command> acts = new HashMap<>(new FencedActs(store, me).acts());
            acts.putAll(new PlainActs(table, me, DemoEnvironment.config(file).clock()).acts());
            WorkerConnection wire = new WorkerConnection(lines, out);
            wire.say(WorkerConnection.answer().put("ready", me));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.split(" ", -1));
                Command act = acts.get(words.get(0));
                if (act == null) {
                    throw new IOException("The demo asked for '" + words.get(0) + "', which is unknown");
                }
                wire.say(act.play(words.subList(1, words.size()), wire));
            }
        }
    }
}
