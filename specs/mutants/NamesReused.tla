---- MODULE NamesReused ----
\* Processes and commits are numbered by the contents of the file, so a restored file reuses names.
EXTENDS LostHistory

NextInFile == Len(file) + 1
====
