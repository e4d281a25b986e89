/** The guarantees, bound to the running code: what the parts of the proof have in common. */
@NullMarked
package dev.fencepost.proof;

import org.jspecify.annotations.NullMarked;
