/**
 * Histories of several real processes under faults. Each operation is recorded, and the recordings are checked
 * afterwards. Each key is a linearizable register, and all operations together are strictly serializable. No agent
 * writes under a lost claim. Acknowledged writes are in the file, and refused ones are not.
 *
 * <p>The check uses only the versions and values that the processes read. It knows nothing of tables, epochs in the
 * file or sequences.
 */
@NullMarked
package dev.fencepost.verification.linearizability;

import org.jspecify.annotations.NullMarked;
