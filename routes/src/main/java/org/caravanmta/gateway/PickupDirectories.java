package org.caravanmta.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.apache.camel.CamelContext;
import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.PickupDirectory;
import org.caravanmta.routes.PickupRoute;
import org.caravanmta.submission.intake.Handover;
import org.caravanmta.submission.intake.Intake;
import org.caravanmta.submission.intake.Submission;
import org.caravanmta.submission.pickup.Pickup;

/**
 * The ways in by files. One can begin and end while the others go on. Its rights are those of the current configuration,
 * so one that is new begins after a reload, and one that is gone ends before.
 */
public final class PickupDirectories implements AutoCloseable {

    private static final String SRC_TYPE = "pickup";

    private final Map<PickupDirectory, Pickup> open = new LinkedHashMap<>();
    private final Submission submission;
    private final Intake intake;
    private final Path home;
    private final Supplier<CaravanConfig> config;

    PickupDirectories(CamelContext camel, Intake intake, Path home, Supplier<CaravanConfig> config) {
        this.submission = new RouteSubmission(camel.createProducerTemplate(), PickupRoute.PICKUP);
        this.intake = intake;
        this.home = home;
        this.config = config;
    }

    /**
     * Those that are new, ready to {@link #begin}.
     *
     * @throws IOException says which of them cannot be used, and why
     */
    synchronized Map<PickupDirectory, Pickup> prepare(List<PickupDirectory> directories) throws IOException {
        Map<PickupDirectory, Pickup> ready = new LinkedHashMap<>();
        for (PickupDirectory d : directories)
            if (!open.containsKey(d))
                ready.put(d, prepare(d));
        return ready;
    }

    private Pickup prepare(PickupDirectory d) throws IOException {
        try {
            return Pickup.open(home.resolve(d.folder()), home.resolve(d.bad()), intake, submission,
                    () -> handover(d));
        } catch (IOException e) {
            throw new IOException("pickup " + d + " cannot be used: " + e.getMessage()
                    + "; make the folders, for the user that the gateway runs as", e);
        }
    }

    private Handover handover(PickupDirectory d) {
        CaravanConfig now = config.get();
        return new Handover(now, now.sources().unconnected(d.source()), SRC_TYPE, "local", SRC_TYPE, null, null, null);
    }

    /** Takes their files from now on. */
    synchronized void begin(Map<PickupDirectory, Pickup> ready) {
        open.putAll(ready);
        ready.values().forEach(Pickup::begin);
    }

    /** Ends those that are not among them. */
    synchronized void endAllBut(List<PickupDirectory> directories) {
        for (PickupDirectory d : List.copyOf(open.keySet()))
            if (!directories.contains(d))
                open.remove(d).close();
    }

    /** Files of one folder since the start. */
    public record Taken(String folder, long stored, long refused) {
    }

    synchronized List<Taken> taken() {
        return open.entrySet().stream()
                .map(e -> new Taken(e.getKey().toString(), e.getValue().stored(), e.getValue().refused())).toList();
    }

    @Override
    public void close() {
        endAllBut(List.of());
    }
}
