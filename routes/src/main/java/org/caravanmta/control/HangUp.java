package org.caravanmta.control;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGHUP, which every daemon takes for "read your configuration again". */
public final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {
    }

    /** Runs it on a thread of its own whenever the signal comes. By reflection: the JDK calls its interface internal. */
    public static void listen(Runnable reaction) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    reaction.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "reload";
            };
            signal.getMethod("handle", signal, handler).invoke(null,
                    signal.getConstructor(String.class).newInstance("HUP"),
                    Proxy.newProxyInstance(HangUp.class.getClassLoader(), new Class<?>[] { handler }, calls));
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("SIGHUP is not heard; caravan reload does the same: {}", e.toString());
        }
    }
}
