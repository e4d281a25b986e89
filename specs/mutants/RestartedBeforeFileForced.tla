---- MODULE RestartedBeforeFileForced ----
\* The log begins anew when all is copied, before the disk has it in the database file.
EXTENDS EarlyRelease

AllCopied == copied = Published
====
