package dev.fencepost.saga;

import dev.fencepost.ClaimInfo;
import dev.fencepost.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of a saga at the time of a read.
 *
 * @param definition the name of its definition, and {@code version} its version
 * @param input the input as text; empty in a list of sagas
 * @param coordinator the live process that coordinates it; empty if there is none
 * @param journal the requested entries, in order; empty in a list of sagas
 * @param reason the reason why it rolls back or is stuck
 */
public record SagaInfo(
        String id,
        String definition,
        int version,
        SagaState state,
        String input,
        Optional<String> step,
        Optional<String> reason,
        Optional<ClaimInfo> coordinator,
        Instant begunAt,
        Instant lastAt,
        Page<JournalEntry> journal) {}
