package org.caravanmta.cli;

/** What an operator needs to read when the gateway does not start: the innermost reason, in one line. */
final class StartFailure {

    private StartFailure() {
    }

    static String text(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null)
            innermost = innermost.getCause();
        String own = innermost.getMessage() == null ? innermost.toString() : innermost.getMessage();
        boolean caravans = innermost.getClass().getName().startsWith("org.caravanmta");
        return caravans ? own : innermost.getClass().getSimpleName() + ": " + own;
    }
}
