package dev.fencepost.verification.faults;

/** Injects one fault and asserts the state afterwards. Its environment records the errors. */
@FunctionalInterface
interface FaultTrial {
    void run(FaultEnvironment scene) throws Exception;
}
