package org.caravanmta.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Debian's Postfix with configuration, queues, log and port of its own. Needs root, as its master does. */
final class Postfix implements AutoCloseable {

    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = %1$s/queue
            data_directory = %1$s/data
            maillog_file = %1$s/log
            maillog_file_prefixes = %1$s
            myhostname = postfix.test
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            smtp_bind_address = %2$s
            mynetworks = 127.0.0.0/8
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_peername_lookup = no
            smtp_dns_support_level = disabled
            smtp_tls_security_level = none
            smtpd_tls_security_level = none
            alias_maps =
            local_recipient_maps =
            in_flow_delay = 0
            """;

    private static final String MASTER = """
            %s inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            smtp unix - - n - - smtp
            showq unix n - n - - showq
            error unix - - n - - error
            retry unix - - n - - error
            discard unix - - n - - discard
            virtual unix - n n - - virtual
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            tlsmgr unix - - n 1000? 1 tlsmgr
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path folder;
    private final InetSocketAddress address;

    private Postfix(Path folder, InetSocketAddress address) {
        this.folder = folder;
        this.address = address;
    }

    /**
     * @param folder     empty; it and its parent are opened to everybody, for Postfix' own user
     * @param parameters further lines of {@code main.cf}
     */
    static Postfix start(Path folder, String ip, String... parameters) throws Exception {
        Programs.requireRoot();
        String postfix = Programs.require("postfix").toString();
        for (Path open : List.of(folder, folder.getParent()))
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(folder.resolve("queue"));
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.setOwner(data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        InetSocketAddress address = freePort(ip);
        Files.writeString(folder.resolve("main.cf"), MAIN.formatted(folder, ip) + String.join("\n", parameters) + "\n");
        Files.writeString(folder.resolve("master.cf"), MASTER.formatted(ip + ":" + address.getPort()));
        Postfix started = new Postfix(folder, address);
        Programs.run(postfix, "-c", folder.toString(), "start");
        return started;
    }

    /** Postfix cannot be given port 0. The address is this test's own, so nobody else takes the port meanwhile. */
    private static InetSocketAddress freePort(String ip) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(ip))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }
    }

    InetSocketAddress address() {
        return address;
    }

    List<String> log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
    }

    /** How many lines of the log hold {@code part}. */
    long logged(String part) throws IOException {
        return log().stream().filter(l -> l.contains(part)).count();
    }

    @Override
    public void close() throws IOException {
        Programs.run(Programs.require("postfix").toString(), "-c", folder.toString(), "stop");
    }
}
