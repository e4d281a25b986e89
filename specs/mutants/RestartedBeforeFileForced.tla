---- MODULE RestartedBeforeFileForced ----
\* The log is restarted when all of it is copied, before the database file is synced.
EXTENDS EarlyLockRelease

AllCopied == copied = Published
====
