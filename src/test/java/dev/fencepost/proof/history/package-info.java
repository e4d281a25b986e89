/**
 * Histories of several real processes under faults, recorded operation by operation and checked afterwards: each key is a
 * linearizable register, all of it together is strictly serializable, who lost a claim wrote nothing under it, and what was
 * acknowledged is in the file while what was refused is not.
 *
 * <p>The check rests on the versions and values that the processes saw. It knows nothing of tables, epochs in the file or
 * the order of commits.
 */
@NullMarked
package dev.fencepost.proof.history;

import org.jspecify.annotations.NullMarked;
