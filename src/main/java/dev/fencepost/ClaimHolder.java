package dev.fencepost;

/**
 * The holder of a claim: an agent in one process that has the store open.
 *
 * @param agent the agent's name
 * @param process the number of the process in this store; never reused, unlike a pid
 * @param pid the operating system's number of the process
 */
public record ClaimHolder(String agent, long process, long pid) {
    @Override
    public String toString() {
        return agent + " (pid " + pid + ")";
    }
}
