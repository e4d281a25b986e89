package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.AdoptionReport;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Key;
import dev.fencepost.LostClaim;
import dev.fencepost.VersionInfo;
import dev.fencepost.Versioned;
import dev.fencepost.event.CursorInfo;
import dev.fencepost.event.DeadLetter;
import dev.fencepost.event.Event;
import dev.fencepost.history.RefusalRecord;
import dev.fencepost.history.RetentionRule;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.StepTask;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The results of the library as JSON objects, with the field names of the command line. */
final class Json {
    /** The format of times in the views of the file: in UTC, always with milliseconds. */
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ObjectNode key(String name) {
        return object().put("key", name);
    }

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    static ObjectNode versioned(Versioned<String> versioned) {
        return stamp(key(versioned.key().name()).put("value", versioned.value()), versioned.stamp());
    }

    static ObjectNode change(Change<String> change) {
        ObjectNode node = key(change.key().name());
        change.value().ifPresent(value -> node.put("value", value));
        return stamp(node, change.stamp()).put("deleted", change.deleted());
    }

    static ObjectNode stamp(ObjectNode node, VersionInfo stamp) {
        return node.put("version", stamp.version())
                .put("sequence", stamp.sequence())
                .put("writer", stamp.writer())
                .put("committedAt", time(stamp.committedAt()));
    }

    static ObjectNode held(ClaimInfo held) {
        return key(held.key())
                .put("epoch", held.epoch())
                .put("holder", held.holder().agent())
                .put("pid", held.holder().pid())
                .put("grantedAt", time(held.grantedAt()))
                .put("expiresAt", time(held.expiresAt()))
                .put("status", held.status().word());
    }

    static ObjectNode fenced(LostClaim fenced) {
        ObjectNode node = object().put("ending", ending(fenced.ending()));
        if (!fenced.key().isEmpty()) {
            node.put("key", fenced.key()).put("epoch", fenced.epoch()).put("presentEpoch", fenced.presentEpoch());
        }
        fenced.endedBy().ifPresent(by -> node.put("endedBy", by));
        fenced.endedAt().ifPresent(at -> node.put("endedAt", time(at)));
        return node;
    }

    /** Returns a claim's token and keys. For a claim on one key, the object itself has that key and its epoch. */
    static ObjectNode claim(Claim claim) {
        List<ObjectNode> keys = claim.keys().stream()
                .map(name -> key(name).put("epoch", claim.epoch(Key.text(name))))
                .toList();
        return one(keys, "keys", Function.identity()).put("token", claim.token().text());
    }

    /** Returns an object with the fields of the first thing, and with a list of all things if there are more. */
    static <T> ObjectNode one(List<T> things, String all, Function<T, ObjectNode> view) {
        ObjectNode node = object();
        if (!things.isEmpty()) {
            node.setAll(view.apply(things.get(0)));
        }
        if (things.size() > 1) {
            ArrayNode list = node.putArray(all);
            things.forEach(thing -> list.add(view.apply(thing)));
        }
        return node;
    }

    private static String ending(ClaimEnd ending) {
        return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ObjectNode event(Event<String> event) {
        return object().put("stream", event.stream().name())
                .put("event", event.id())
                .put("body", event.body())
                .put("number", event.number())
                .put("sequence", event.sequence())
                .put("writer", event.writer())
                .put("committedAt", time(event.committedAt()));
    }

    static ObjectNode cursor(CursorInfo cursor) {
        ObjectNode node = object().put("cursor", cursor.name())
                .put("source", cursor.source())
                .put("prefix", cursor.prefix())
                .put("at", cursor.position())
                .put("behind", cursor.behind())
                .put("overtaken", cursor.overtaken())
                .put("movedAt", time(cursor.movedAt()));
        cursor.consumer().ifPresent(held -> node.set("consumer", held(held)));
        return node;
    }

    static ObjectNode deadLetter(DeadLetter letter) {
        ObjectNode node = object().put("cursor", letter.cursor())
                .put("id", letter.id())
                .put("name", letter.name())
                .put("number", letter.number())
                .put("sequence", letter.sequence())
                .put("attempts", letter.attempts())
                .put("reason", letter.reason())
                .put("parkedAt", time(letter.parkedAt()));
        letter.event().ifPresent(event -> node.put("event", event));
        letter.text().ifPresent(text -> node.put("text", text));
        return node;
    }

    static ObjectNode refusal(RefusalRecord refusal) {
        ObjectNode node = object().put("number", refusal.number())
                .put("at", time(refusal.at()))
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
        ObjectNode node = object().put("prefix", rule.prefix());
        rule.keep().versions().ifPresent(versions -> node.put("versions", versions));
        rule.keep().age().ifPresent(age -> node.put("age", age.toString()));
        return node.put("agent", rule.agent());
    }

    static ObjectNode saga(SagaInfo saga) {
        ObjectNode node = object().put("saga", saga.id())
                .put("definition", saga.definition())
                .put("version", saga.version())
                .put("state", saga.state().word())
                .put("begunAt", time(saga.begunAt()))
                .put("lastAt", time(saga.lastAt()));
        saga.step().ifPresent(step -> node.put("step", step));
        saga.reason().ifPresent(reason -> node.put("reason", reason));
        saga.coordinator().ifPresent(held -> node.set("coordinator", held(held)));
        return node;
    }

    /** Returns a saga with its input, and with the entries of its journal that were read. */
    static ObjectNode journal(SagaInfo saga) {
        ObjectNode node = saga(saga).put("input", saga.input());
        ArrayNode journal = node.putArray("journal");
        saga.journal().forEach(entry -> journal.add(entry(entry)));
        return node;
    }

    private static ObjectNode entry(JournalEntry entry) {
        ObjectNode node = object().put("entry", entry.number())
                .put("kind", entry.type().word())
                .put("writer", entry.agent())
                .put("sequence", entry.sequence())
                .put("at", time(entry.at()));
        entry.step().ifPresent(step -> node.put("step", step));
        entry.text().ifPresent(text -> node.put("text", text));
        entry.epoch().ifPresent(epoch -> node.put("epoch", epoch));
        return entry.attempt() == 0 ? node : node.put("attempt", entry.attempt());
    }

    static ObjectNode manual(ManualSaga saga) {
        ObjectNode node = object().put("saga", saga.id())
                .put("state", saga.state().word())
                .put("token", saga.token().text());
        saga.next()
                .ifPresent(next -> node.set(
                        "next",
                        object().put("step", next.step())
                                .put("undo", next.isCompensation())
                                .put("inDoubt", next.inDoubt())
                                .put("idempotencyKey", saga.idempotencyKey(next.step(), next.isCompensation()))));
        return node;
    }

    static ObjectNode task(StepTask task) {
        return object().put("saga", task.saga())
                .put("step", task.step())
                .put("undo", task.isCompensation())
                .put("input", task.input())
                .put("idempotencyKey", task.idempotencyKey())
                .put("epoch", task.epoch())
                .put("token", task.token().text());
    }

    static ObjectNode adoption(AdoptionReport report) {
        return object().put("store", report.file().toString())
                .put("id", report.storeId())
                .put("formerId", report.formerId())
                .put("sequence", report.sequence())
                .put("endedClaims", report.endedClaims())
                .put("epochsKnown", report.epochsKnown());
    }
}
