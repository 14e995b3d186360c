package org.caravanmta.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * NSD with zones of the test's own, and Unbound in front of it as the recursive server, each on its own loopback address.
 * Both can be killed and started again.
 */
final class RealDns implements AutoCloseable {

    private final Path folder;
    private final InetSocketAddress nsdAt;
    private final InetSocketAddress unboundAt;
    private final Map<String, String> zones = new TreeMap<>();
    private Process nsd;
    private Process unbound;

    /** @param net the first three numbers of addresses that no other test uses: {@code 127.48.0} */
    RealDns(Path folder, String net) throws IOException {
        Programs.require("nsd");
        Programs.require("unbound");
        this.folder = Files.createDirectories(folder);
        nsdAt = free(net + ".52");
        unboundAt = free(net + ".53");
    }

    private static InetSocketAddress free(String ip) throws IOException {
        InetAddress address = InetAddress.getByName(ip);
        try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, 0));
                ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 1, address)) {
            return new InetSocketAddress(address, tcp.getLocalPort());
        }
    }

    /** A zone with an SOA record and these lines behind it; what it says and what it denies may be kept for so long. */
    RealDns zone(String name, int seconds, String lines) {
        zones.put(name, """
                $ORIGIN %1$s.
                $TTL %2$d
                @ SOA ns hostmaster 1 3600 600 86400 %2$d
                @ NS ns
                ns A %3$s
                """.formatted(name, seconds, nsdAt.getAddress().getHostAddress()) + lines + "\n");
        return this;
    }

    RealDns start() throws IOException {
        startNsd();
        startUnbound();
        return this;
    }

    /** With the zones as they are now. */
    void startNsd() throws IOException {
        StringBuilder conf = new StringBuilder("""
                server:
                  ip-address: %s@%d
                  username: ""
                  chroot: ""
                  zonesdir: "%s"
                  database: ""
                  pidfile: "%3$s/nsd.pid"
                  xfrdfile: "%3$s/xfrd.state"
                  zonelistfile: "%3$s/zone.list"
                  xfrdir: "%3$s"
                  logfile: "%3$s/nsd.log"
                  server-count: 1
                remote-control:
                  control-enable: no
                """.formatted(nsdAt.getAddress().getHostAddress(), nsdAt.getPort(), folder));
        for (Map.Entry<String, String> z : zones.entrySet()) {
            Files.writeString(folder.resolve(z.getKey() + ".zone"), z.getValue());
            conf.append("zone:\n  name: \"%s\"\n  zonefile: \"%1$s.zone\"\n".formatted(z.getKey()));
        }
        nsd = start("nsd", "-d", conf.toString(), nsdAt);
    }

    void startUnbound() throws IOException {
        String stubs = zones.keySet().stream().map(z -> """
                stub-zone:
                  name: "%s"
                  stub-addr: %s@%d
                """.formatted(z, nsdAt.getAddress().getHostAddress(), nsdAt.getPort())).collect(Collectors.joining());
        String ours = zones.keySet().stream().map(z -> "  local-zone: \"%s\" nodefault\n".formatted(z))
                .collect(Collectors.joining());
        unbound = start("unbound", "-dp", """
                server:
                  interface: %s@%d
                  port: %2$d
                  outgoing-interface: %1$s
                  access-control: 127.0.0.0/8 allow
                  do-not-query-localhost: no
                  do-ip6: no
                  username: ""
                  chroot: ""
                  directory: "%s"
                  pidfile: ""
                  use-syslog: no
                  logfile: "%3$s/unbound.log"
                  num-threads: 1
                  module-config: "iterator"
                  infra-host-ttl: 1
                  local-zone: "test." nodefault
                  local-zone: "127.in-addr.arpa." nodefault
                """.formatted(unboundAt.getAddress().getHostAddress(), unboundAt.getPort(), folder) + ours + """
                remote-control:
                  control-enable: no
                """ + stubs, unboundAt);
    }

    private Process start(String program, String foreground, String conf, InetSocketAddress at) throws IOException {
        Path file = Files.writeString(folder.resolve(program + ".conf"), conf);
        Process started = new ProcessBuilder(Programs.require(program).toString(), foreground, "-c", file.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve(program + ".out").toFile()).start();
        await(program + " answers, see " + folder).atMost(Duration.ofSeconds(20)).until(() -> {
            if (!started.isAlive())
                throw new IllegalStateException(
                        program + " ended: " + Files.readString(folder.resolve(program + ".out")));
            return answers(at);
        });
        return started;
    }

    private static boolean answers(InetSocketAddress at) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(200);
            byte[] query = Message
                    .newQuery(Record.newRecord(Name.fromConstantString("localhost."), Type.A, DClass.IN)).toWire();
            socket.connect(at);
            socket.send(new DatagramPacket(query, query.length));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return true;
        } catch (SocketTimeoutException | java.net.PortUnreachableException _) {
            return false;
        }
    }

    void killNsd() {
        kill(nsd);
    }

    void killUnbound() {
        kill(unbound);
    }

    private static void kill(Process process) {
        if (process == null)
            return;
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** The recursive server. */
    InetSocketAddress recursive() {
        return unboundAt;
    }

    /** The same as it stands in {@code name-server}. */
    String address() {
        return unboundAt.getAddress().getHostAddress() + ":" + unboundAt.getPort();
    }

    List<InetSocketAddress> servers() {
        return List.of(unboundAt);
    }

    /** The server that knows the zones and asks nobody. */
    InetSocketAddress authoritative() {
        return nsdAt;
    }

    @Override
    public void close() {
        killUnbound();
        killNsd();
    }
}
