package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.Page;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.Listing;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.Names;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepTask;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sagas of one agent of an embedded store. */
public final class DefaultSagas implements Sagas {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultSagas.class);

    /** The longest wait for the claim of another coordinator, before the saga's state is read again. */
    private static final Duration MAX_CLAIM_WAIT = Duration.ofSeconds(5);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

    private static final Duration MAX_RECOVERY_INTERVAL = Duration.ofDays(365);

    private final String agent;
    private final SagaParts parts;
    private final SagaCoordinator coordinator;
    private final SagaOperations operations;
    private final StepTaskQueue tasks;
    private final SagaStarter starter;

    public DefaultSagas(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
        this.tasks = new StepTaskQueue(agent, parts);
        this.coordinator = new SagaCoordinator(agent, parts);
        this.starter = new SagaStarter(agent, parts);
        this.operations = new SagaOperations(agent, parts);
    }

    @Override
    public <I> SagaOutcome run(SagaDefinition<I> definition, String id, I input) {
        return finish(definition, begin(definition, id, input));
    }

    @Override
    public <I> void start(SagaDefinition<I> definition, String id, I input) {
        SagaStarter.Begun begun = begin(definition, id, input);
        SagaRecovery.daemon(
                () -> {
                    try {
                        finish(definition, begun);
                    } catch (StoreClosedException e) {
                        LOG.debug("Saga '{}' stops in this process: the store closed", id, e);
                    } catch (RuntimeException | Error e) {
                        LOG.warn("Saga '{}' stopped in this process; a process that recovers sagas resumes it", id, e);
                    }
                },
                "fencepost-saga-" + id);
    }

    private <I> SagaStarter.Begun begin(SagaDefinition<I> definition, String id, I input) {
        Arguments.required(definition, "definition");
        Arguments.required(id, "id");
        Arguments.required(input, "input");
        if (definition.name().equals(DefaultManualSaga.DEFINITION)) {
            throw new InvalidInputException("The definition is named '" + DefaultManualSaga.DEFINITION
                    + "', as manual sagas are, which no process drives; give it another name");
        }
        return starter.begin(definition, id, input);
    }

    private <I> SagaOutcome finish(SagaDefinition<I> definition, SagaStarter.Begun begun) {
        Duration longest = parts.config().maxWait();
        DriveSettings settings = DriveSettings.within(longest.compareTo(MAX_CLAIM_WAIT) < 0 ? longest : MAX_CLAIM_WAIT)
                .begunAt(begun.epoch());
        SagaRow saga = begun.saga();
        while (SagaCoordinator.isOpen(saga)) {
            Optional<SagaOutcome> outcome = coordinator.drive(definition, saga, settings);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            // Another coordinator held the saga. It may have ended the saga meanwhile.
            saga = parts.saga(saga.saga());
        }
        return parts.outcome(saga.saga());
    }

    @Override
    public Optional<SagaOutcome> await(String id, Duration wait) {
        Arguments.required(id, "id");
        Arguments.required(wait, "wait");
        checkWait("a saga", wait);
        Deadline pause = Deadline.after(wait);
        try (CommitNotifier.Listener listener =
                parts.notifier().listen(List.of(SagaCoordinator.key(id)), () -> isOver(id))) {
            while (true) {
                // Read before the state, so that the last look is not earlier than the end of the wait.
                boolean last = pause.over();
                if (isOver(id)) {
                    return Optional.of(parts.outcome(id));
                }
                if (last) {
                    return Optional.empty();
                }
                pause.sleepJittered(CHECK_INTERVAL, listener, "for the saga '" + id + "'");
            }
        }
    }

    private void checkWait(String what, Duration wait) {
        if (wait.isNegative() || wait.compareTo(parts.config().maxWait()) > 0) {
            throw new InvalidInputException("The wait for " + what + " is " + wait + "; it must be from zero to "
                    + parts.config().maxWait());
        }
    }

    private boolean isOver(String id) {
        SagaState state = parts.saga(id).state();
        return state.ended() || state == SagaState.STUCK;
    }

    @Override
    public Optional<SagaInfo> find(String id) {
        Arguments.required(id, "id");
        Bounds whole = Listing.journal(id).whole();
        return parts.reads().read(session -> views(session).find(id, 0, whole));
    }

    @Override
    public Optional<SagaInfo> find(String id, long after, int limit) {
        Arguments.required(id, "id");
        Bounds page = Listing.journal(id).page(after, limit);
        return parts.reads().read(session -> views(session).find(id, after, page));
    }

    private SagaViews views(Session session) {
        return SagaViews.now(session, claim -> parts.claims().isFree(session, claim));
    }

    @Override
    public List<SagaInfo> list(boolean ended) {
        Bounds whole = Listing.sagas().whole();
        return parts.reads().read(session -> views(session).list(ended, "", whole));
    }

    @Override
    public Page<SagaInfo> list(boolean ended, String after, int limit) {
        Arguments.required(after, "after");
        Names.checkAfter(after);
        Bounds page = Listing.sagas().page(limit);
        return parts.reads().read(session -> views(session).list(ended, after, page));
    }

    @Override
    public List<SagaOutcome> recover(Collection<SagaDefinition<?>> definitions) {
        Arguments.required(definitions, "definitions");
        Arguments.requiredAll(definitions, "definitions");
        return new SagaRecovery(coordinator, parts, definitions, CHECK_INTERVAL).recoverAll();
    }

    @Override
    public AutoCloseable recoverEvery(Duration every, Collection<SagaDefinition<?>> definitions) {
        Arguments.required(definitions, "definitions");
        Arguments.required(every, "every");
        Arguments.requiredAll(definitions, "definitions");
        if (every.compareTo(Duration.ofMillis(1)) < 0 || every.compareTo(MAX_RECOVERY_INTERVAL) > 0) {
            throw new InvalidInputException("The interval between recovery passes is " + every
                    + "; it must be from 1 ms to 365 days; 1 second is usual");
        }
        return new SagaRecovery(coordinator, parts, definitions, every).begin(parts.tasks());
    }

    @Override
    public void cancel(String id, String note) {
        Arguments.required(id, "id");
        Arguments.required(note, "note");
        operations.cancel(id, note);
        parts.notifier().notifyKeys(List.of(SagaCoordinator.key(id)));
    }

    @Override
    public void retry(String id, String note) {
        Arguments.required(id, "id");
        Arguments.required(note, "note");
        operations.retry(id, note);
    }

    @Override
    public void skip(String id, String output) {
        Arguments.required(id, "id");
        Arguments.required(output, "output");
        operations.skip(id, output);
    }

    @Override
    public void confirm(String id, String output) {
        Arguments.required(id, "id");
        Arguments.required(output, "output");
        operations.confirm(id, output);
    }

    @Override
    public void resolve(String id, String note) {
        Arguments.required(id, "id");
        Arguments.required(note, "note");
        operations.resolve(id, note);
    }

    @Override
    public int forget(Duration endedBefore) {
        Arguments.required(endedBefore, "endedBefore");
        return operations.forget(endedBefore);
    }

    @Override
    public Optional<StepTask> claimTask(String role, Lease lease, Duration wait) {
        Arguments.required(role, "role");
        Arguments.required(lease, "lease");
        Arguments.required(wait, "wait");
        Names.checkRole(role);
        checkWait("a task", wait);
        return tasks.claimTask(role, lease, wait);
    }

    @Override
    public ManualSaga startManual(String id, List<String> steps, Lease lease) {
        Arguments.required(steps, "steps");
        Arguments.required(id, "id");
        Arguments.requiredAll(steps, "steps");
        Arguments.required(lease, "lease");
        SagaDefinition<String> definition = DefaultManualSaga.definition(steps).lease(lease);
        SagaRow saga = starter.begin(definition, id, String.join("\n", steps)).saga();
        Claim claim = parts.claims()
                .claim(agent, List.of(Key.text(saga.key())), lease, Duration.ZERO)
                .orThrow();
        try {
            return manualSaga(claim, id);
        } catch (RuntimeException | Error e) {
            ((DefaultClaim) claim).abandon();
            throw e;
        }
    }

    @Override
    public ManualSaga resumeManual(ClaimToken token) {
        Arguments.required(token, "token");
        Optional<ManualSaga> ended = ended(token);
        if (ended.isPresent()) {
            return ended.get();
        }
        Claim claim;
        try {
            claim = parts.claims().resume(agent, token);
        } catch (FencedException e) {
            // The saga may have ended since the first look.
            return ended(token).orElseThrow(() -> e);
        }
        return manualSaga(claim, SagaCoordinator.saga(claim.keys().get(0)));
    }

    /** Returns an ended saga, by the token of a claim that has ended; empty if either has not ended. */
    private Optional<ManualSaga> ended(ClaimToken token) {
        return tasks.lost(token)
                .filter(lost -> SagaCoordinator.isSaga(lost.key()))
                .flatMap(lost -> parts.find(SagaCoordinator.saga(lost.key()))
                        .filter(saga -> DefaultManualSaga.isEnded(saga, token))
                        .map(saga -> DefaultManualSaga.ended(saga, token, () -> refuseLost(lost, token), parts)));
    }

    /** Throws the exception for a lost claim, unless its holder released it. */
    private void refuseLost(LostClaim lost, ClaimToken token) {
        if (lost.ending() != ClaimEnd.RELEASED) {
            parts.claims().resume(agent, token);
        }
    }

    private ManualSaga manualSaga(Claim claim, String id) {
        SagaRow saga = parts.saga(id);
        if (!saga.definition().equals(DefaultManualSaga.DEFINITION)) {
            claim.close();
            throw new SagaStateException("The saga '" + id + "' runs the definition '" + saga.definition()
                    + "' and accepts no reports; only a manual saga does");
        }
        if (saga.state().ended()) {
            claim.close();
            throw DefaultManualSaga.hasEnded(saga);
        }
        return DefaultManualSaga.open(saga, claim, parts.journal(saga, claim), parts);
    }

    @Override
    public StepTask resumeTask(ClaimToken token) {
        Arguments.required(token, "token");
        return tasks.resume(token);
    }
}
