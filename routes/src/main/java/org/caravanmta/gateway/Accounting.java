package org.caravanmta.gateway;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import org.apache.camel.CamelContext;
import org.caravanmta.accounting.AccountingExports;
import org.caravanmta.accounting.WantedRecords;
import org.caravanmta.artemis.ArtemisMessageStore;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.accounting.AcctFile;

/** Which records are made, the exports that write them, and where finished files are sent. */
final class Accounting implements AutoCloseable {

    private final AccountingExports exports;
    private final Path home;
    private FinishedFileTransport transport;
    private volatile WantedRecords wanted;

    /**
     * @param home paths of files start there
     * @throws RecordsWaitException records wait for a file that is not configured any more
     */
    Accounting(ArtemisMessageStore store, Path home, CaravanConfig config)
            throws RecordsWaitException, InterruptedException {
        this.home = home;
        wanted = WantedRecords.of(config.acctFiles());
        exports = new AccountingExports(store.events(), home, ZoneId.systemDefault());
        String waits = exports.forgetAllBut(config.acctFiles());
        if (waits != null)
            throw new RecordsWaitException(waits);
        exports.start(config.acctFiles(), config.broker().minFreeSpaceBytes());
    }

    /** Sends finished files from now on, with a Camel context that has started. */
    void send(CamelContext camel, List<AcctFile> files) {
        transport = new FinishedFileTransport(camel, home);
        List<String> unusable = transport.refusals(files);
        if (!unusable.isEmpty())
            throw new IllegalStateException(String.join("\n", unusable));
        transport.take(files);
    }

    /** Why these cannot be taken over; empty when they can. */
    List<String> refusals(List<AcctFile> files) {
        List<String> refusals = new ArrayList<>(exports.refusals(files));
        refusals.addAll(transport.refusals(files));
        return refusals;
    }

    void reload(List<AcctFile> files) {
        wanted = WantedRecords.of(files);
        exports.reload(files);
        transport.take(files);
    }

    WantedRecords wanted() {
        return wanted;
    }

    AccountingExports exports() {
        return exports;
    }

    /** While Camel is still there. */
    void stopSending() {
        if (transport != null)
            transport.close();
    }

    @Override
    public void close() {
        exports.close();
    }
}
