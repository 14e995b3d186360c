package org.caravanmta.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server over UDP that knows what it is told. */
final class NameServer implements AutoCloseable {

    private final DatagramSocket udp;
    private final Map<Name, List<Record>> records = new ConcurrentHashMap<>();

    NameServer(String ip) throws IOException {
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), 0));
        Thread.ofPlatform().daemon().name("name-server").start(this::serve);
    }

    /** As it stands in {@code name-server}. */
    String address() {
        return udp.getLocalAddress().getHostAddress() + ":" + udp.getLocalPort();
    }

    /** In the words of a zone file: {@code add("a.test", "MX", "10 mx.test.")}. */
    NameServer add(String name, String type, String data) throws IOException {
        Name n = Name.fromString(name, Name.root);
        records.computeIfAbsent(n, _ -> new CopyOnWriteArrayList<>())
                .add(Record.fromString(n, Type.value(type), DClass.IN, 60, data, Name.root));
        return this;
    }

    private void serve() {
        byte[] bytes = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                udp.receive(packet);
                Message question = new Message(Arrays.copyOf(bytes, packet.getLength()));
                byte[] answer = answer(question).toWire();
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException _) {
            udp.close();
        }
    }

    private Message answer(Message question) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        List<Record> known = records.get(question.getQuestion().getName());
        if (known == null)
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        else
            known.stream().filter(r -> r.getType() == question.getQuestion().getType())
                    .forEach(r -> answer.addRecord(r, Section.ANSWER));
        return answer;
    }

    @Override
    public void close() {
        udp.close();
    }
}
