package org.caravanmta.system;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Predicate;

import org.xbill.DNS.Message;
import org.xbill.DNS.Record;

/** Somebody on the way to a name server who keeps some questions from it. */
final class LossyDns implements AutoCloseable {

    private final DatagramSocket asked;
    private final InetSocketAddress server;
    private final Predicate<Record> lost;

    LossyDns(String ip, InetSocketAddress server, Predicate<Record> lost) throws IOException {
        this.asked = new DatagramSocket(new InetSocketAddress(InetAddress.getByName(ip), 0));
        this.server = server;
        this.lost = lost;
        Thread.ofPlatform().daemon().name("lossy-dns").start(this::serve);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) asked.getLocalSocketAddress();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                asked.receive(packet);
                byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
                if (!lost.test(new Message(bytes).getQuestion()))
                    Thread.ofVirtual().start(() -> pass(bytes, packet));
            }
        } catch (IOException _) {
            asked.close();
        }
    }

    private void pass(byte[] question, DatagramPacket from) {
        try (DatagramSocket out = new DatagramSocket(new InetSocketAddress(asked.getLocalAddress(), 0))) {
            out.setSoTimeout(5_000);
            out.send(new DatagramPacket(question, question.length, server));
            DatagramPacket answer = new DatagramPacket(new byte[65_535], 65_535);
            out.receive(answer);
            asked.send(new DatagramPacket(answer.getData(), answer.getLength(), from.getSocketAddress()));
        } catch (IOException _) {
            // lost as well
        }
    }

    @Override
    public void close() {
        asked.close();
    }
}
