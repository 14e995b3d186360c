package org.caravanmta.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A name server that says what the test says, over UDP and TCP on one port, and counts the questions. Names that were
 * not mentioned do not exist; other types of names that were have no data.
 */
final class ZoneServer implements AutoCloseable {

    /** How a name answers, whatever is asked. */
    enum Mode {
        NORMAL, SERVFAIL, REFUSED, SILENT
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Record>> records = new ConcurrentHashMap<>();
    private final Map<String, Mode> modes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> questions = new ConcurrentHashMap<>();
    private final AtomicInteger tcpQuestions = new AtomicInteger();
    private final List<Integer> clientPorts = new CopyOnWriteArrayList<>();
    private volatile Mode mode = Mode.NORMAL;
    private volatile boolean truncate;
    private volatile long negativeTtl = 60;
    private volatile Consumer<Message> edit = _ -> {
    };
    private volatile UnaryOperator<byte[]> wire = b -> b;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    ZoneServer(String address) throws IOException {
        InetAddress a = InetAddress.getByName(address);
        udp = new DatagramSocket(new InetSocketAddress(a, 0));
        tcp = new ServerSocket(udp.getLocalPort(), 10, a);
        Thread.ofPlatform().daemon().name("zone-udp").start(this::serveUdp);
        Thread.ofPlatform().daemon().name("zone-tcp").start(this::serveTcp);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** In the words of a zone file: {@code add("example.com", "MX", "10 mx.example.com.")}, TTL 60. */
    ZoneServer add(String name, String type, String data) throws IOException {
        return add(name, 60, type, data);
    }

    ZoneServer add(String name, long ttl, String type, String data) throws IOException {
        Name n = Name.fromString(name, Name.root);
        records.computeIfAbsent(key(n), k -> new ArrayList<>())
                .add(Record.fromString(n, Type.value(type), DClass.IN, ttl, data, Name.root));
        return this;
    }

    /** The name exists and has nothing. */
    ZoneServer empty(String name) {
        records.put(name + ".", new ArrayList<>());
        return this;
    }

    ZoneServer mode(String name, Mode m) {
        modes.put(name + ".", m);
        return this;
    }

    ZoneServer mode(Mode m) {
        mode = m;
        return this;
    }

    ZoneServer truncateUdp() {
        truncate = true;
        return this;
    }

    ZoneServer negativeTtl(long seconds) {
        negativeTtl = seconds;
        return this;
    }

    /** Changes each answer before it leaves. */
    ZoneServer edit(Consumer<Message> change) {
        edit = change;
        return this;
    }

    /** Changes the bytes of each answer. */
    ZoneServer wire(UnaryOperator<byte[]> change) {
        wire = change;
        return this;
    }

    /** Answers nothing until {@link #open()}. */
    ZoneServer hold() {
        gate = new CountDownLatch(1);
        return this;
    }

    void open() {
        gate.countDown();
    }

    int questions(String name, String type) {
        AtomicInteger n = questions.get(name + "./" + type);
        return n == null ? 0 : n.get();
    }

    /** Probes, which ask for localhost, left out. */
    int questions() {
        return questions.entrySet().stream().filter(e -> !e.getKey().startsWith("localhost.")).map(Map.Entry::getValue)
                .mapToInt(AtomicInteger::get).sum();
    }

    /** Where questions came from over UDP, in their order. */
    List<Integer> clientPorts() {
        return List.copyOf(clientPorts);
    }

    int tcpQuestions() {
        return tcpQuestions.get();
    }

    private static String key(Name n) {
        return n.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        try {
            for (;;) {
                DatagramPacket p = new DatagramPacket(buffer, buffer.length);
                udp.receive(p);
                clientPorts.add(p.getPort());
                Message query = new Message(java.util.Arrays.copyOf(p.getData(), p.getLength()));
                Message answer = answer(query);
                gate.await();
                if (answer == null)
                    continue;
                if (truncate) {
                    answer.getHeader().setFlag(Flags.TC);
                    answer.removeAllRecords(Section.ANSWER);
                }
                byte[] bytes = wire
                        .apply(answer.toWire(query.getOPT() == null ? 512 : query.getOPT().getPayloadSize()));
                udp.send(new DatagramPacket(bytes, bytes.length, p.getSocketAddress()));
            }
        } catch (IOException | InterruptedException e) {
            // closed
        }
    }

    private void serveTcp() {
        try {
            for (;;) {
                Socket s = tcp.accept();
                Thread.ofPlatform().daemon().name("zone-tcp-connection").start(() -> serve(s));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (;;) {
                Message query = new Message(in.readNBytes(in.readUnsignedShort()));
                tcpQuestions.incrementAndGet();
                Message answer = answer(query);
                if (answer == null)
                    return;
                byte[] bytes = wire.apply(answer.toWire());
                out.writeShort(bytes.length);
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    private Message answer(Message query) throws IOException {
        Record question = query.getQuestion();
        String name = key(question.getName());
        questions.computeIfAbsent(name + "/" + Type.string(question.getType()), k -> new AtomicInteger())
                .incrementAndGet();
        Mode how = modes.getOrDefault(name, mode);
        if (how == Mode.SILENT)
            return null;
        Message m = new Message(query.getHeader().getID());
        m.getHeader().setFlag(Flags.QR);
        m.getHeader().setFlag(Flags.RA);
        m.addRecord(question, Section.QUESTION);
        if (how != Mode.NORMAL) {
            m.getHeader().setRcode(how == Mode.SERVFAIL ? Rcode.SERVFAIL : Rcode.REFUSED);
            return m;
        }
        fill(m, question);
        edit.accept(m);
        return m;
    }

    /** As a recursive server does: with the CNAMEs on the way, once round a loop. */
    private void fill(Message m, Record question) throws IOException {
        Name name = question.getName();
        for (int hops = 0; hops < 3; hops++) {
            List<Record> known = records.get(key(name));
            if (known == null) {
                m.getHeader().setRcode(Rcode.NXDOMAIN);
                break;
            }
            Record cname = null;
            boolean found = false;
            for (Record r : known) {
                if (r.getType() == question.getType()) {
                    m.addRecord(r, Section.ANSWER);
                    found = true;
                } else if (r instanceof CNAMERecord) {
                    cname = r;
                }
            }
            if (found || cname == null)
                break;
            m.addRecord(cname, Section.ANSWER);
            name = ((CNAMERecord) cname).getTarget();
        }
        if (m.getSection(Section.ANSWER).isEmpty() && negativeTtl > 0)
            m.addRecord(new SOARecord(Name.root, DClass.IN, negativeTtl, Name.root, Name.root, 1, 1, 1, 1, negativeTtl),
                    Section.AUTHORITY);
    }

    @Override
    public void close() throws IOException {
        gate.countDown();
        udp.close();
        tcp.close();
    }
}
