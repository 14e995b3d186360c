package org.caravanmta.gateway;

import java.util.ArrayDeque;
import java.util.Deque;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped the other way round, however far the start came. */
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Stops one thing. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    private record Step(String what, Action action) {
    }

    /** @param what for the log: "limits" */
    synchronized void add(String what, Action action) {
        steps.push(new Step(what, action));
    }

    /** One that fails does not keep the others from stopping. */
    synchronized void run() {
        while (!steps.isEmpty())
            run(steps.pop());
    }

    private static void run(Step step) {
        try {
            step.action().run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.error("while stopping {}", step.what(), e);
        }
    }
}
