---- MODULE ContentionHintNotRaised ----
\* A process that finds the write lock taken does not raise the hint.
EXTENDS WriterQueue

Silent == FALSE
====
