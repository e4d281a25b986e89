/** What was measured, as JSON, as Markdown and as pictures; and whether the aims are met. */
@NullMarked
package dev.fencepost.benchmarks.report;

import org.jspecify.annotations.NullMarked;
