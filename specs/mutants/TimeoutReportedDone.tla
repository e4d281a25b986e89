---- MODULE TimeoutReportedDone ----
\* A call without an answer counts as done.
EXTENDS Sagas

TakenForDone(s, hand) ==
    CASE hand \in {"did", "unclear"} -> {"done"}
      [] hand = "did not" -> {"spent", AfterFailure(s, journal.tries[s])}
      [] hand = "undid" -> {"undone"}
      [] hand = "undid not" -> {AfterFailedUndo(s, journal.undos[s])}
====
