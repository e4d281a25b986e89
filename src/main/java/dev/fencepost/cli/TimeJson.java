package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.DeadLetter;
import dev.fencepost.event.Event;
import dev.fencepost.history.RefusalRecord;
import dev.fencepost.history.RetentionRule;

/** History, events and cursors as JSON objects, with the field names of the command line. */
final class TimeJson {
    private TimeJson() {}

    static ObjectNode event(Event<String> event) {
        return Json.object()
                .put("stream", event.stream().name())
                .put("event", event.id())
                .put("body", event.body())
                .put("number", event.number())
                .put("sequence", event.sequence())
                .put("writer", event.writer())
                .put("committedAt", Json.time(event.committedAt()));
    }

    static ObjectNode cursor(CursorInfo cursor) {
        ObjectNode node = Json.object()
                .put("cursor", cursor.name())
                .put("source", cursor.source())
                .put("prefix", cursor.prefix())
                .put("at", cursor.position())
                .put("behind", cursor.behind())
                .put("overtaken", cursor.overtaken())
                .put("movedAt", Json.time(cursor.movedAt()));
        cursor.consumer().ifPresent(held -> node.set("consumer", Json.held(held)));
        return node;
    }

    static ObjectNode deadLetter(DeadLetter letter) {
        ObjectNode node = Json.object()
                .put("cursor", letter.cursor())
                .put("id", letter.id())
                .put("name", letter.name())
                .put("number", letter.number())
                .put("sequence", letter.sequence())
                .put("attempts", letter.attempts())
                .put("reason", letter.reason())
                .put("parkedAt", Json.time(letter.parkedAt()));
        letter.event().ifPresent(event -> node.put("event", event));
        letter.text().ifPresent(text -> node.put("text", text));
        return node;
    }

    static ObjectNode refusal(RefusalRecord refusal) {
        ObjectNode node = Json.object()
                .put("number", refusal.number())
                .put("at", Json.time(refusal.at()))
                .put("sequence", refusal.sequence())
                .put("agent", refusal.agent())
                .put("pid", refusal.pid())
                .put("kind", refusal.kind())
                .put("name", refusal.name())
                .put("message", refusal.message());
        refusal.by().ifPresent(by -> node.put("by", by));
        refusal.bySequence().ifPresent(sequence -> node.put("bySequence", sequence));
        return node;
    }

    static ObjectNode rule(RetentionRule rule) {
        ObjectNode node = Json.object().put("prefix", rule.prefix());
        rule.keep().versions().ifPresent(versions -> node.put("versions", versions));
        rule.keep().age().ifPresent(age -> node.put("age", age.toString()));
        return node.put("agent", rule.agent());
    }
}
