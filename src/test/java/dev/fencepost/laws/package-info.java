/**
 * Tests of the laws against real processes and many schedules. An {@link dev.fencepost.laws.EngineUnderTest} opens the
 * store, so that every engine can run the same tests.
 */
@NullMarked
package dev.fencepost.laws;

import org.jspecify.annotations.NullMarked;
