package dev.fencepost;

/** The ways in which code of a caller can fail. */
public enum Exceptions {
    UNCHECKED(new IllegalStateException("of the caller")),
    CHECKED(new Exception("of the caller")),
    INTERRUPTED(new InterruptedException("of the caller")),
    ERROR(new LinkageError("of the caller")),
    DEEP(new StackOverflowError("of the caller"));

    private final Throwable throwable;

    Exceptions(Throwable throwable) {
        this.throwable = throwable;
    }

    public Throwable throwable() {
        return throwable;
    }

    /** Throws the exception, even if it is checked. Callers write {@code throw} before the call. */
    public RuntimeException now() {
        return Exceptions.<RuntimeException>unchecked(throwable);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable throwable) throws E {
        throw (E) throwable;
    }
}
