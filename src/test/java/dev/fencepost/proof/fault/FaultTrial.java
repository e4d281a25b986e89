package dev.fencepost.proof.fault;

/** Inflicts one fault, and asserts what is still true. Errors that it meets are noted in its scene. */
@FunctionalInterface
interface FaultTrial {
    void run(FaultEnvironment scene) throws Exception;
}
