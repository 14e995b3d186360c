package org.caravanmta.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import org.caravanmta.config.CaravanConfig.AcctFile;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problem;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.YamlText;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads {@code caravan.yaml}: either the whole configuration, or everything that is wrong with it. A file is never
 * taken in part, and nothing is reset to a default because it was not understood.
 */
public final class ConfigReader {

    private ConfigReader() {
    }

    /**
     * @param config   null when there are problems
     * @param problems in file order; empty when all is well
     * @param warnings what is understood but probably not meant; in file order
     */
    public record Result(CaravanConfig config, List<Problem> problems, List<Problem> warnings) {

        /** Whether there is a configuration. */
        public boolean good() {
            return config != null;
        }
    }

    /** Reads a file; places are given with its path as written. */
    public static Result read(Path file) {
        return read(file, new MachineName());
    }

    /** @param machineName asked only when {@code host-name} is not written */
    public static Result read(Path file, Supplier<String> machineName) {
        Problems problems = new Problems(file.toString());
        String text = YamlText.read(file, problems);
        return text == null ? new Result(null, problems.problems(), problems.warnings())
                : readText(file.toString(), text, machineName);
    }

    /** The same for text at hand. {@code name} takes the place of the file name in problems. */
    public static Result readText(String name, String text, Supplier<String> machineName) {
        Problems problems = new Problems(name);
        CaravanConfig config = null;
        try {
            Node root = YamlText.compose(name, text, problems);
            if (root != null)
                config = read(Block.of(root, "directives", problems), machineName, problems);
        } catch (Problems.TooMuch _) {
            config = null;
        }
        return new Result(problems.none() ? config : null, problems.problems(), problems.warnings());
    }

    private static CaravanConfig read(Block root, Supplier<String> machineName, Problems problems) {
        Settings global = root.settings(GlobalKeys.VOCABULARY);
        Map<String, VirtualMta> virtualMtas = within(root, "virtual-mta", new VirtualMtaReader(problems)::read,
                VirtualMtaReader.none());
        Sources sources = within(root, "source", new SourceReader(problems, virtualMtas.keySet())::read,
                new Sources(List.of()));
        Domains domains = within(root, "domain", n -> DomainLayers.of(new DomainReader(problems).read(n)),
                Domains.none());
        List<AcctFile> acctFiles = within(root, "acct-file", new AcctFileReader(problems)::read, List.of());
        Settings broker = within(root, "broker",
                n -> Block.of(n, "the broker block", problems).settings(BrokerKeys.VOCABULARY), Settings.NONE);
        String hostName = global.get(GlobalKeys.HOST_NAME);
        CaravanConfig config = new CaravanConfig(hostName == null ? machineName.get() : hostName,
                orNone(global.get(GlobalKeys.SMTP_LISTENER)), sources, virtualMtas, domains, acctFiles,
                global.get(GlobalKeys.NAME_SERVER), GlobalKeys.smtpIn(global), GlobalKeys.smtpOut(global),
                BrokerKeys.effective(broker));
        new CrossChecks(root, problems).check(config);
        return config;
    }

    private static <T> T within(Block root, String key, Function<Node, T> reader, T none) {
        Block.Entry e = root.entry(key);
        return e == null ? none : reader.apply(e.value());
    }

    private static <T> List<T> orNone(List<T> list) {
        return list == null ? List.of() : list;
    }
}
