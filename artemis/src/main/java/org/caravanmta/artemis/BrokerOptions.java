package org.caravanmta.artemis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * What the surroundings give to the broker; not for operators.
 *
 * @param jmx         queues are to be seen as MBeans (Hawtio)
 * @param onFailure   told once, from a broker thread, that the broker has stopped or hangs and the process had better
 *                    be restarted; nothing acknowledged is lost by that
 * @param usableSpace asked every second: bytes that may still be written below a folder
 */
public record BrokerOptions(boolean jmx, Consumer<String> onFailure, ToLongFunction<Path> usableSpace) {

    /** JMX on, failures only logged, the file system's own word on its space. */
    public static BrokerOptions defaults() {
        return new BrokerOptions(true, reason -> {}, BrokerOptions::usableBytes);
    }

    public BrokerOptions withJmx(boolean on) {
        return new BrokerOptions(on, onFailure, usableSpace);
    }

    public BrokerOptions withOnFailure(Consumer<String> told) {
        return new BrokerOptions(jmx, told, usableSpace);
    }

    public BrokerOptions withUsableSpace(ToLongFunction<Path> space) {
        return new BrokerOptions(jmx, onFailure, space);
    }

    /** Unknown counts as plenty: a file system that cannot say must not stop the mail. */
    private static long usableBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }
}
