---- MODULE ReplacedEpochsUnread ----
\* A restore raises the epochs of the backup, but ignores those of the replaced file.
EXTENDS Adoption

OfTheCopy(before, replaced) == before + 1
====
