package org.caravanmta.artemis;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.caravanmta.queue.MessageStore.Placement;

/** Writes the files of large messages before their settlement is tried, so that they hold up nobody else's. */
final class SettlementFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SettlementFiles.class);

    private final Executor executor;
    private final MessageTranslator translator;
    private final Set<CompletableFuture<Void>> under = ConcurrentHashMap.newKeySet();

    SettlementFiles(Executor executor, MessageTranslator translator) {
        this.executor = executor;
        this.translator = translator;
    }

    /** Hands the settlement on when its files are synced, or without files: then the writer tries and decides. */
    void prepare(Settlement s, Consumer<Settlement> next) {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        under.add(ready);
        executor.execute(() -> {
            try {
                s.files = write(s);
                next.accept(s);
            } finally {
                under.remove(ready);
                ready.complete(null);
            }
        });
    }

    private Message[] write(Settlement s) {
        Message[] files = new Message[s.placements.size()];
        try {
            for (int i = 0; i < files.length; i++) {
                Placement p = s.placements.get(i);
                if (MessageTranslator.isLarge(p.message()))
                    files[i] = translator.toBroker(p, SimpleString.of(p.queue()));
            }
            return files;
        } catch (Exception e) {
            discard(files);
            LOG.warn("{}: its large messages could not be written: {}", s, e.toString());
            return null;
        }
    }

    private static void discard(Message[] files) {
        for (Message file : files)
            try {
                if (file != null)
                    MessageTranslator.discard(file);
            } catch (Exception e) {
                LOG.warn("a file was not removed; the next start does it", e);
            }
    }

    /** Waits for those that are being written now. */
    void await() {
        under.forEach(CompletableFuture::join);
    }
}
