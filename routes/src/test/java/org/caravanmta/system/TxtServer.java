package org.caravanmta.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A name server for TXT records, over UDP. Other names do not exist. */
final class TxtServer implements AutoCloseable {

    private final DatagramSocket socket;
    private final Map<String, String> records = new ConcurrentHashMap<>();

    /** @param port 0 for any free one */
    TxtServer(String ip, int port) throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), port));
        Thread.ofPlatform().daemon().name("txt").start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** @param name without a dot at its end */
    TxtServer put(String name, String text) {
        records.put(name.toLowerCase(Locale.ROOT), text);
        return this;
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed())
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength())).toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed())
                    System.err.println("name server: " + e);
            }
    }

    private Message answer(byte[] bytes) throws IOException {
        Message m = new Message(bytes);
        Record question = m.getQuestion();
        m.removeAllRecords(Section.ADDITIONAL);
        m.getHeader().setFlag(Flags.QR);
        m.getHeader().setFlag(Flags.RA);
        String text = records.get(question.getName().toString(true).toLowerCase(Locale.ROOT));
        if (text == null)
            m.getHeader().setRcode(Rcode.NXDOMAIN);
        else if (question.getType() == Type.TXT)
            m.addRecord(new TXTRecord(question.getName(), DClass.IN, 60, strings(text)), Section.ANSWER);
        return m;
    }

    /** A string within a record has 255 bytes at most. */
    private static List<String> strings(String text) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < text.length(); i += 255)
            parts.add(text.substring(i, Math.min(text.length(), i + 255)));
        return parts;
    }

    @Override
    public void close() {
        socket.close();
    }
}
