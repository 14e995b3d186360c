package org.caravanmta.system;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Zones below {@code test.}, signed with ldns, served by an nsd and asked through an unbound that does not validate: it
 * hands over whatever it finds. The trust anchor is the key of {@code test.}.
 */
final class SignedZones implements AutoCloseable {

    /** How a zone is found. */
    enum Kind {
        SIGNED, SIGNED_NSEC3,
        /** No signatures, and the parent says so. */
        PLAIN,
        /** No signatures, though the parent says that there are some: as if taken away on the way. */
        STRIPPED
    }

    private static final String NSD = "127.0.0.71";
    private static final String UNBOUND = "127.0.0.72";

    private record Zone(Kind kind, String records, UnaryOperator<String> afterwards) {
    }

    private final Path folder;
    private final Map<String, Zone> zones = new LinkedHashMap<>();
    private final List<Process> running = new ArrayList<>();
    private final int nsdPort = freePort(NSD);
    private final int unboundPort = freePort(UNBOUND);
    private String anchor;

    SignedZones(Path folder) throws IOException {
        for (String p : List.of("nsd", "unbound", "ldns-keygen", "ldns-signzone"))
            Programs.require(p);
        this.folder = Files.createDirectories(folder);
    }

    /** @param records in the words of a zone file, without the SOA; names without a dot are within the zone */
    SignedZones zone(String name, Kind kind, String records) {
        return zone(name, kind, records, text -> text);
    }

    /** @param afterwards what is done to the text of the zone when it is signed */
    SignedZones zone(String name, Kind kind, String records, UnaryOperator<String> afterwards) {
        zones.put(name, new Zone(kind, records, afterwards));
        return this;
    }

    /** Returns when questions are answered. */
    SignedZones start() throws Exception {
        StringBuilder parent = new StringBuilder("ns A " + NSD + "\n");
        for (Map.Entry<String, Zone> z : zones.entrySet()) {
            String keys = write(z.getKey(), z.getValue());
            parent.append(z.getKey()).append(". NS ns.test.\n");
            if (z.getValue().kind() != Kind.PLAIN)
                parent.append(keys);
        }
        anchor = write("test", new Zone(Kind.SIGNED, parent.toString(), text -> text));
        run("nsd", "-d", "-c", Files.writeString(folder.resolve("nsd.conf"), nsd()).toString());
        run("unbound", "-d", "-c", Files.writeString(folder.resolve("unbound.conf"), unbound()).toString());
        Awaitility.await("name servers").atMost(20, TimeUnit.SECONDS).ignoreExceptions().until(this::answers);
        return this;
    }

    private boolean answers() throws IOException {
        SimpleResolver r = new SimpleResolver(nameServer());
        r.setTimeout(Duration.ofMillis(500));
        Message m = r.send(Message.newQuery(Record.newRecord(Name.fromString("test."), Type.SOA, DClass.IN)));
        return m.getRcode() == 0 && !m.getSection(1).isEmpty();
    }

    private void run(String... command) throws IOException {
        command[0] = Programs.require(command[0]).toString();
        Path log = folder.resolve(Path.of(command[0]).getFileName() + ".log");
        running.add(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start());
    }

    /** Writes {@code NAME.zone}, signed unless it is not to be; returns the DS records of its key. */
    private String write(String name, Zone zone) throws IOException {
        String soa = "$ORIGIN " + name + ".\n$TTL 60\n@ SOA ns.test. h.test. 1 60 60 86400 1\n@ NS ns.test.\n";
        Path file = Files.writeString(folder.resolve(name + ".zone"), soa + zone.records() + "\n");
        if (zone.kind() == Kind.PLAIN)
            return "";
        String key = run(folder, "ldns-keygen", "-a", "ECDSAP256SHA256", "-k", name).strip();
        List<String> sign = new ArrayList<>(List.of("ldns-signzone", "-o", name + ".", "-f", name + ".signed"));
        if (zone.kind() == Kind.SIGNED_NSEC3)
            sign.add("-n");
        sign.addAll(List.of(file.toString(), key));
        run(folder, sign.toArray(String[]::new));
        if (zone.kind() != Kind.STRIPPED)
            Files.writeString(file, zone.afterwards().apply(Files.readString(folder.resolve(name + ".signed"))),
                    StandardOpenOption.TRUNCATE_EXISTING);
        return Files.readString(folder.resolve(key + ".ds"));
    }

    private static String run(Path folder, String... command) throws IOException {
        command[0] = Programs.require(command[0]).toString();
        Process p = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        p.getOutputStream().close();
        String said = new String(p.getInputStream().readAllBytes());
        if (p.onExit().join().exitValue() != 0)
            throw new IOException(String.join(" ", command) + ": " + said);
        return said;
    }

    private String nsd() {
        StringBuilder text = new StringBuilder("""
                server:
                  ip-address: %s@%d
                  username: ""
                  zonesdir: "%s"
                  pidfile: ""
                  database: ""
                  xfrdfile: ""
                  zonelistfile: "%s/zone.list"
                  xfrdir: "%s"
                remote-control:
                  control-enable: no
                """.formatted(NSD, nsdPort, folder, folder, folder));
        for (String name : all())
            text.append("zone:\n  name: \"%s\"\n  zonefile: \"%s.zone\"\n".formatted(name, name));
        return text.toString();
    }

    private String unbound() {
        StringBuilder text = new StringBuilder("""
                server:
                  interface: %s
                  port: %d
                  access-control: 127.0.0.0/8 allow
                  username: ""
                  chroot: ""
                  pidfile: ""
                  directory: "%s"
                  use-syslog: no
                  do-not-query-localhost: no
                  do-ip6: no
                  module-config: "iterator"
                  local-zone: "test." nodefault
                remote-control:
                  control-enable: no
                """.formatted(UNBOUND, unboundPort, folder));
        for (String name : all())
            text.append("stub-zone:\n  name: \"%s\"\n  stub-addr: %s@%d\n".formatted(name, NSD, nsdPort));
        return text.toString();
    }

    /** The zone says no more what it does not have. */
    static String withoutDenial(String zone) {
        return zone.lines().filter(l -> !l.contains("\tNSEC\t") && !l.contains("\tRRSIG\tNSEC "))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private List<String> all() {
        List<String> names = new ArrayList<>(zones.keySet());
        names.add("test");
        return names;
    }

    InetSocketAddress nameServer() {
        return new InetSocketAddress(UNBOUND, unboundPort);
    }

    /** DS of the key of {@code test.}. */
    String anchor() {
        return anchor;
    }

    private static int freePort(String ip) throws IOException {
        try (DatagramSocket s = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), 0))) {
            return s.getLocalPort();
        }
    }

    @Override
    public void close() {
        running.forEach(Process::destroy);
        for (Process p : running)
            p.onExit().completeOnTimeout(null, 5, TimeUnit.SECONDS).join();
        running.forEach(Process::destroyForcibly);
    }
}
