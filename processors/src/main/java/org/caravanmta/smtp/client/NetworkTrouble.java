package org.caravanmta.smtp.client;

import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;

/** Words for what the operating system says, the same for every transport. */
final class NetworkTrouble {

    private NetworkTrouble() {
    }

    /** The name of the error as in errno(3), or the exception's own words. */
    static String name(Throwable t) {
        String m = String.valueOf(t.getMessage());
        if (m.contains("refused"))
            return "ECONNREFUSED";
        if (m.contains("timed out"))
            return "ETIMEDOUT";
        if (m.contains("Network is unreachable") || m.contains("Network unreachable"))
            return "ENETUNREACH";
        if (t instanceof NoRouteToHostException || m.contains("No route to host") || m.contains("unreachable"))
            return "EHOSTUNREACH";
        if (m.contains("reset"))
            return "ECONNRESET";
        if (m.contains("Broken pipe"))
            return "EPIPE";
        if (m.contains("Cannot assign requested address"))
            return "EADDRNOTAVAIL";
        if (m.contains("Address already in use"))
            return "EADDRINUSE";
        if (m.contains("Permission denied") || m.contains("Operation not permitted"))
            return "EACCES";
        return t.getClass().getSimpleName() + ": " + m;
    }

    /** {@code mx.example (192.0.2.1)}, with the port when it is not 25. */
    static String host(String name, InetSocketAddress address) {
        String ip = address.getAddress() == null ? address.getHostString() : address.getAddress().getHostAddress();
        return name + " (" + ip + (address.getPort() == 25 ? ")" : ":" + address.getPort() + ")");
    }
}
