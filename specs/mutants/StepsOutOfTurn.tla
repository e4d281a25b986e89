---- MODULE StepsOutOfTurn ----
\* A step waits for nobody.
EXTENDS Sagas

AtOnce(s) == TRUE
====
