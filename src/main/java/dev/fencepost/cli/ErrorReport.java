package dev.fencepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fencepost.Change;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimedException;
import dev.fencepost.CodecException;
import dev.fencepost.Conflict;
import dev.fencepost.ConflictException;
import dev.fencepost.DeadlockException;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.LostHistoryException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.ResultTooLargeException;
import dev.fencepost.StreamConflict;
import dev.fencepost.StreamConflictException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.ValueTooLongException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.history.PrunedException;
import dev.fencepost.saga.SagaStateException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The report of a failed command: its exit code, and the reason for programs and for people.
 *
 * @param unexpected the error if it is of an unexpected type; its stack trace helps to fix it
 */
record ErrorReport(int exit, ObjectNode json, String message, Optional<Exception> unexpected) {
    /** Returns the report of an error. */
    static ErrorReport of(Exception e) {
        if (e instanceof NotFoundException missing) {
            ObjectNode json = head(missing.code(), false, message(e)).setAll(missing.details());
            return new ErrorReport(Exit.NOT_FOUND, json, message(e), Optional.empty());
        } else if (e instanceof FencepostException known) {
            ObjectNode json = head(known.code(), known.retryable(), message(e)).setAll(details(known));
            return new ErrorReport(exit(known), json, message(e), Optional.empty());
        }
        return new ErrorReport(Exit.UNEXPECTED, head("unexpected", false, e.toString()), e.toString(), Optional.of(e));
    }

    /** Returns the report of an invalid command line. */
    static ErrorReport usage(String message) {
        return new ErrorReport(Exit.USAGE, head("usage", false, message), message, Optional.empty());
    }

    /** Returns the report of a command that cannot be started under a claim. */
    static ErrorReport notStarted(String command, String why) {
        String text = "'" + command + "' cannot be started: " + why;
        return new ErrorReport(Exit.NOT_STARTED, head("not-started", false, text), text, Optional.empty());
    }

    /** Returns the same report with another message. */
    ErrorReport saying(String words) {
        return new ErrorReport(exit, json.put("message", words), words, unexpected);
    }

    /** Returns the same report with another exit code. */
    ErrorReport exiting(int code) {
        return new ErrorReport(code, json, message, unexpected);
    }

    private static ObjectNode head(String error, boolean retryable, String message) {
        return Json.object().put("error", error).put("retryable", retryable).put("message", message);
    }

    private static String message(Exception e) {
        return Remedies.translate(Objects.requireNonNullElseGet(e.getMessage(), e::toString));
    }

    private static int exit(FencepostException e) {
        if (e instanceof InvalidInputException || e instanceof CodecException || e instanceof ResultTooLargeException) {
            return Exit.USAGE;
        } else if (e instanceof ConflictException
                || e instanceof StreamConflictException
                || e instanceof SagaStateException) {
            return Exit.CONFLICT;
        } else if (e instanceof PrunedException || e instanceof CursorOvertakenException) {
            return Exit.NOT_FOUND;
        } else if (e instanceof ClaimedException
                || e instanceof ClaimBusyException
                || e instanceof DeadlockException
                || e instanceof WriteLockTimeoutException) {
            return Exit.BUSY;
        } else if (e instanceof FencedException || e instanceof LostHistoryException) {
            return Exit.FENCED;
        }
        return e instanceof UnusableStoreException || e instanceof ValueTooLongException
                ? Exit.REFUSED
                : Exit.UNEXPECTED;
    }

    /** Returns the present state that the error reports. */
    private static ObjectNode details(FencepostException e) {
        if (e instanceof ConflictException conflict) {
            return present(conflict.refusal());
        } else if (e instanceof ClaimedException claimed) {
            return Json.held(claimed.refusal().by());
        } else if (e instanceof ClaimBusyException busy) {
            ClaimResult.Busy result = busy.result();
            return Json.one(result.heldBy(), "heldBy", Json::held).put("queuedAhead", result.queuedAhead());
        } else if (e instanceof CursorOvertakenException overtaken) {
            return Json.object().put("after", overtaken.after()).put("prunedThrough", overtaken.prunedThrough());
        } else if (e instanceof StreamConflictException behind) {
            StreamConflict<?> conflict = behind.conflict();
            ObjectNode details = Json.object()
                    .put("stream", conflict.stream().name())
                    .put("expected", conflict.expected())
                    .put("number", conflict.actual());
            conflict.reusedId().ifPresent(event -> details.put("reusedId", event));
            return details;
        } else if (e instanceof FencedException fenced) {
            return Json.one(fenced.lost(), "lost", Json::fenced);
        } else if (e instanceof ValueTooLongException tooLong) {
            return Json.object().put("bytes", tooLong.bytes()).put("limit", tooLong.limit());
        } else if (e instanceof UnusableStoreException refused) {
            String reason = refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return Json.object().put("reason", reason);
        }
        return e instanceof OutcomeUnknownException unknown
                ? Json.object().put("commit", unknown.commit().toString())
                : Json.object();
    }

    private static ObjectNode present(Conflict<?> conflict) {
        ObjectNode node = Json.key(conflict.key().name());
        if (conflict.latest().isEmpty()) {
            // Absent counts as version 0.
            return node.put("version", 0);
        }
        Change<?> latest = conflict.latest().get();
        latest.value().ifPresent(value -> node.put("value", value.toString()));
        return Json.stamp(node, latest.stamp()).put("deleted", latest.deleted());
    }
}
