package org.caravanmta.control;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.config.Origins;
import org.caravanmta.config.yaml.Problem;
import org.caravanmta.gateway.Gateway;
import org.caravanmta.gateway.ReloadRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that the gateway's configuration is read from, at the start and again when somebody says so. */
public final class ConfigFile {

    private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.operator");

    private final Path path;
    private final Gateway gateway;
    private Origins origins;
    private Instant since = Instant.now();

    /** @param read what the gateway was started with */
    public ConfigFile(Path path, ConfigReader.Result read, Gateway gateway) {
        this.path = path;
        this.origins = read.origins();
        this.gateway = gateway;
    }

    /**
     * Takes over what the file says now, all of it or nothing.
     *
     * @return warnings
     * @throws ReloadRefusedException with every problem; the old configuration goes on
     */
    public synchronized List<String> reload() throws ReloadRefusedException {
        ConfigReader.Result read = ConfigReader.read(path);
        try {
            if (!read.good())
                throw new ReloadRefusedException(read.problems().stream().map(Problem::toString).toList());
            gateway.reload(read.config());
        } catch (ReloadRefusedException e) {
            LOG.error("{} is not taken over, the old configuration goes on: {}", path, e.getMessage());
            throw e;
        }
        origins = read.origins();
        since = Instant.now();
        LOG.info("{} is taken over", path);
        return read.warnings().stream().map(Problem::toString).toList();
    }

    /** Where the values of the current configuration come from. */
    synchronized Origins origins() {
        return origins;
    }

    synchronized Instant since() {
        return since;
    }

    Path path() {
        return path;
    }
}
