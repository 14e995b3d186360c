package org.caravanmta.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/**
 * This machine's own name, for when {@code host-name} is not written: {@code /etc/hostname} when it holds a fully
 * qualified name, else the canonical name of the local host, else what there is.
 */
final class MachineName implements Supplier<String> {

    private static final String UNKNOWN = "localhost";

    @Override
    public String get() {
        String file = valid(file());
        if (file != null && file.contains("."))
            return file;
        String canonical = valid(canonical());
        if (canonical != null && canonical.contains(".") && !canonical.startsWith(UNKNOWN))
            return canonical;
        return file != null ? file : canonical != null ? canonical : UNKNOWN;
    }

    private static String file() {
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException _) {
            return "";
        }
    }

    private static String canonical() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException _) {
            return "";
        }
    }

    private static String valid(String name) {
        try {
            return new HostName().parse(name);
        } catch (Misunderstood _) {
            return null;
        }
    }
}
