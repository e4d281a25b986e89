package dev.fencepost.internal.saga;

import dev.fencepost.Key;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Beginning;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.util.Names;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStateException;
import java.util.Optional;

/** Begins sagas, for one agent. Safe for use by many threads. */
final class SagaStarter {
    private final String agent;
    private final SagaParts parts;

    SagaStarter(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
    }

    /**
     * A saga of a name, begun by this caller or by another.
     *
     * @param epoch the epoch of the saga's key when this caller began the saga; negative if another caller began it
     */
    record Begun(SagaRow saga, long epoch) {}

    /**
     * Returns the saga of this name. Begins it if there is none.
     *
     * @throws SagaStateException if the saga of this name has another definition, version or input
     */
    <I> Begun begin(SagaDefinition<I> definition, String id, I input) {
        Names.checkSaga("The name of a saga", id);
        parts.committer().checkKey(Key.text(SagaCoordinator.key(id)));
        definition
                .steps()
                .forEach(step -> parts.committer().checkKey(Key.text(StepTaskQueue.name(id, step.name(), false))));
        String text = definition.codec().encode(input);
        parts.texts().check("The input of the saga '" + id + "'", text);
        parts.runningSagas().demandOpen();
        Begun begun = parts.find(id).map(saga -> new Begun(saga, -1)).orElseGet(() -> insert(definition, id, text));
        SagaRow saga = begun.saga();
        if (!saga.definition().equals(definition.name()) || saga.version() != definition.version()) {
            throw new SagaStateException("The saga '" + id + "' began under '" + saga.definition() + "' version "
                    + saga.version() + ", not '" + definition.name() + "' version " + definition.version()
                    + ". Run it with its definition, or use another ID for a new saga");
        }
        if (!saga.input().equals(text)) {
            throw new SagaStateException("The saga '" + id + "' began with another input: '" + saga.input()
                    + "'. Use the same input, or another ID for a new saga");
        }
        return begun;
    }

    private <I> Begun insert(SagaDefinition<I> definition, String id, String input) {
        return parts.queue().submit(scope -> {
            SagaTables sagas = scope.sagas();
            // Another process may have begun the saga since the caller looked.
            Optional<SagaRow> present = sagas.run(id);
            if (present.isPresent()) {
                return new Begun(present.get(), -1);
            }
            String name = SagaCoordinator.key(id);
            KeyRow key = scope.values().key(name);
            long sequence = scope.sequence(agent);
            long run = sagas.insertRun(
                    new Beginning(
                            id,
                            definition.name(),
                            definition.version(),
                            input,
                            definition.timeout().map(longest -> scope.now() + longest.toMillis()),
                            sequence),
                    key.id() == 0 ? scope.values().insertKey(name) : key);
            scope.enter(run, null, sequence, new Said(JournalEntry.Type.BEGUN, null, 0, input));
            return new Begun(sagas.run(run).orElseThrow(), key.epoch());
        });
    }
}
