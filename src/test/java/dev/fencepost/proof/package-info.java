/** What is promised, bound to the code that runs. */
@NullMarked
package dev.fencepost.proof;

import org.jspecify.annotations.NullMarked;
