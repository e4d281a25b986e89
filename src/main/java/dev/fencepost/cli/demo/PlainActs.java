package dev.fencepost.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.cli.demo.PlainTable.Row;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The commands of a worker that use a plain table. */
final class PlainActs {
    private final PlainTable table;
    private final String me;
    private final InstantSource clock;
    private Row seen = new Row("", 0);

    PlainActs(PlainTable table, String me, InstantSource clock) {
        this.table = table;
        this.me = me;
        this.clock = clock;
    }

    Map<String, Command> acts() {
        return Map.of(
                "plain-read", this::read,
                "plain-add", this::add,
                "plain-put-if", this::putIfVersion,
                "plain-lock", this::lock,
                "plain-leave", this::leave);
    }

    private ObjectNode read(List<String> words, WorkerConnection wire) {
        seen = table.read(words.get(0)).orElse(new Row("0", 0));
        return WorkerConnection.answer().put("value", seen.value()).put("version", seen.version());
    }

    /** Computes the new value from the last read and writes it, without reading again. */
    private ObjectNode add(List<String> words, WorkerConnection wire) {
        table.write(words.get(0), Long.toString(Long.parseLong(seen.value()) + 1));
        return WorkerConnection.answer();
    }

    private ObjectNode putIfVersion(List<String> words, WorkerConnection wire) {
        return WorkerConnection.answer()
                .put("written", table.writeIfVersion(words.get(0), words.get(1), seen.version()));
    }

    private ObjectNode lock(List<String> words, WorkerConnection wire) {
        long now = clock.millis();
        return WorkerConnection.answer()
                .put("locked", table.lock(words.get(0), me, now, now + Long.parseLong(words.get(1))));
    }

    /** Leaves if another agent remains, with a version check on the key that is written. */
    private ObjectNode leave(List<String> words, WorkerConnection wire) throws IOException {
        String prefix = words.get(0);
        Row mine = table.read(prefix + me).orElse(new Row("", 0));
        int on = table.count(prefix, "on");
        wire.meet(WorkerConnection.answer().put("on", on));
        return WorkerConnection.answer()
                .put("left", on > 1 && table.writeIfVersion(prefix + me, "off", mine.version()));
    }
}
