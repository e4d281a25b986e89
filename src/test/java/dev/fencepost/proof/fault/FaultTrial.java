package dev.fencepost.proof.fault;

/** Injects one fault and asserts the state afterwards. Its environment records the errors. */
@FunctionalInterface
interface FaultTrial {
    void run(FaultEnvironment scene) throws Exception;
}
