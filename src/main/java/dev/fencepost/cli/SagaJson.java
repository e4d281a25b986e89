package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.StepTask;

/** Sagas as JSON objects, with the field names of the command line. */
final class SagaJson {
    private SagaJson() {}

    static ObjectNode saga(SagaInfo saga) {
        ObjectNode node = Json.object()
                .put("saga", saga.id())
                .put("definition", saga.definition())
                .put("version", saga.version())
                .put("state", saga.state().word())
                .put("begunAt", Json.time(saga.begunAt()))
                .put("lastAt", Json.time(saga.lastAt()));
        saga.step().ifPresent(step -> node.put("step", step));
        saga.reason().ifPresent(reason -> node.put("reason", reason));
        saga.coordinator().ifPresent(held -> node.set("coordinator", Json.held(held)));
        return node;
    }

    /** Returns a saga with its input, and with the entries of its journal that were read. */
    static ObjectNode whole(SagaInfo saga) {
        ObjectNode node = saga(saga).put("input", saga.input());
        ArrayNode journal = node.putArray("journal");
        saga.journal().forEach(entry -> journal.add(entry(entry)));
        return node;
    }

    private static ObjectNode entry(JournalEntry entry) {
        ObjectNode node = Json.object()
                .put("entry", entry.number())
                .put("kind", entry.type().word())
                .put("writer", entry.agent())
                .put("sequence", entry.sequence())
                .put("at", Json.time(entry.at()));
        entry.step().ifPresent(step -> node.put("step", step));
        entry.text().ifPresent(text -> node.put("text", text));
        entry.epoch().ifPresent(epoch -> node.put("epoch", epoch));
        return entry.attempt() == 0 ? node : node.put("attempt", entry.attempt());
    }

    static ObjectNode reported(ManualSaga saga) {
        ObjectNode node = Json.object()
                .put("saga", saga.id())
                .put("state", saga.state().word())
                .put("token", saga.token().text());
        saga.next()
                .ifPresent(next -> node.set(
                        "next",
                        Json.object()
                                .put("step", next.step())
                                .put("undo", next.isCompensation())
                                .put("inDoubt", next.inDoubt())
                                .put("idempotencyKey", saga.idempotencyKey(next.step(), next.isCompensation()))));
        return node;
    }

    static ObjectNode work(StepTask work) {
        return Json.object()
                .put("saga", work.saga())
                .put("step", work.step())
                .put("undo", work.isCompensation())
                .put("input", work.input())
                .put("idempotencyKey", work.idempotencyKey())
                .put("epoch", work.epoch())
                .put("token", work.token().text());
    }
}
