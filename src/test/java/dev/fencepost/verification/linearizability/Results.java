package dev.fencepost.verification.linearizability;

import dev.fencepost.Change;
import dev.fencepost.ClaimedException;
import dev.fencepost.CommitRefusedException;
import dev.fencepost.CommitResult;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.ConflictException;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.Precondition;
import dev.fencepost.Refusal;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.WriteResult;
import dev.fencepost.verification.linearizability.Operation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts the store's answers to recorded outcomes. */
final class Results {
    /** The end of an operation. */
    record End(Outcome outcome, Map<String, Long> epochs, List<Access> accesses, String note) {
        static End done(Map<String, Long> epochs, List<Access> accesses) {
            return new End(Outcome.DONE, epochs, accesses, "-");
        }
    }

    private Results() {}

    static Precondition<String> precondition(String demand) {
        return switch (demand.charAt(0)) {
            case '0' -> Precondition.ifAbsent();
            case '+' -> Precondition.ifPresent();
            case 'v' -> Precondition.ifVersion(Long.parseLong(demand.substring(1)));
            case '=' -> Precondition.ifValue(demand.substring(1));
            default -> Precondition.none();
        };
    }

    static End end(WriteResult<String> result, Map<String, Long> epochs, Access intended) {
        if (result instanceof Committed<String> committed) {
            return End.done(epochs, List.of(intended.became(committed.version())));
        } else if (result instanceof Conflict<String> conflict) {
            return new End(Outcome.REFUSED, epochs, List.of(contradicted(intended, conflict)), "conflict");
        }
        return new End(Outcome.REFUSED, epochs, List.of(intended), "claimed");
    }

    static End end(CommitResult result, Map<String, Long> epochs, List<Access> intended) {
        if (result instanceof CommitResult.Applied applied) {
            return End.done(
                    epochs,
                    intended.stream()
                            .map(access -> applied.writes().stream()
                                    .filter(write -> write.key().name().equals(access.key()))
                                    .findFirst()
                                    .map(write -> access.became(write.version()))
                                    .orElse(access))
                            .toList());
        }
        return refused(((CommitResult.Refused) result).refusals(), epochs, intended);
    }

    private static End refused(List<Refusal> refusals, Map<String, Long> epochs, List<Access> intended) {
        boolean conflict = refusals.stream().anyMatch(Conflict.class::isInstance);
        return new End(
                Outcome.REFUSED,
                epochs,
                intended.stream().map(access -> contradicted(access, refusals)).toList(),
                conflict ? "conflict" : "claimed");
    }

    private static Access contradicted(Access access, List<Refusal> refusals) {
        return refusals.stream()
                .filter(refusal -> refusal instanceof Conflict<?> conflict
                        && conflict.key().name().equals(access.key()))
                .findFirst()
                .map(refusal -> contradicted(access, (Conflict<?>) refusal))
                .orElse(access);
    }

    /** Returns the access with the latest state, which contradicts the precondition. */
    private static Access contradicted(Access access, Conflict<?> conflict) {
        Optional<? extends Change<?>> latest = conflict.latest();
        if (latest.isEmpty()) {
            return access.seeing(0, Access.ABSENT);
        }
        return access.seeing(
                latest.get().stamp().version(),
                latest.get().value().map(Object::toString).orElse(Access.ABSENT));
    }

    /** Converts an exception. The outcome is unknown unless the exception proves that nothing changed. */
    static End end(FencepostException thrown, Map<String, Long> epochs, List<Access> intended) {
        if (thrown instanceof CommitRefusedException refused) {
            return refused(refused.refusals(), epochs, intended);
        } else if (thrown instanceof ConflictException conflict) {
            return refused(List.of(conflict.refusal()), epochs, intended);
        }
        boolean refused = thrown instanceof FencedException
                || thrown instanceof ClaimedException
                || thrown instanceof RetriesExhaustedException
                || thrown instanceof WriteLockTimeoutException;
        return new End(refused ? Outcome.REFUSED : Outcome.UNKNOWN, epochs, intended, thrown.code());
    }
}
