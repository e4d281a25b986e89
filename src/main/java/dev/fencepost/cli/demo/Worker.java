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

/** One agent of the demo, in a process of its own: does what it is told on standard input until that ends. */
public final class Worker {
    private Worker() {}

    /** Works on the files of the demo under a name. */
    public static void run(Path file, String me, InputStream in, PrintStream out) throws IOException {
        try (Store store = Store.open(Stage.config(file));
                PlainTable table = PlainTable.open(Stage.plainFile(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            Map<String, Act> acts = new HashMap<>(new FencedActs(store, me).acts());
            acts.putAll(new PlainActs(table, me, Stage.config(file).clock()).acts());
            Wire wire = new Wire(lines, out);
            wire.say(Wire.answer().put("ready", me));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = List.of(line.split(" ", -1));
                Act act = acts.get(words.get(0));
                if (act == null) {
                    throw new IOException("The demo asked for '" + words.get(0) + "', which is no act");
                }
                wire.say(act.play(words.subList(1, words.size()), wire));
            }
        }
    }
}
