---- MODULE NamesReused ----
\* Processes and their commits are counted by what is in the file, so a restored file gives names again.
EXTENDS LostHistory

NextInFile == Len(file) + 1
====
