package org.caravanmta.config;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.caravanmta.config.accounting.AcctFile;
import org.caravanmta.config.bounce.CategoryPatternReader;
import org.caravanmta.config.dkim.SigningKey;
import org.caravanmta.config.dkim.SigningKeyReader;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.config.dsn.WordingReader;
import org.caravanmta.config.CaravanConfig.BrokerSettings;
import org.caravanmta.config.tls.ServerTls;
import org.caravanmta.config.tls.ServerTlsReader;
import org.caravanmta.config.trust.PolicyTrustReader;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problem;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;
import org.caravanmta.config.yaml.YamlText;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads {@code caravan.yaml} and the files that it includes: either the whole configuration, or everything that is wrong
 * with it. A file is never taken in part, and nothing is reset to a default because it was not understood.
 */
public final class ConfigReader {

    private ConfigReader() {
    }

    /**
     * @param config   null when there are problems
     * @param origins  where its values come from; null when there are problems
     * @param problems in file order; empty when all is well
     * @param warnings what is understood but probably not meant; in file order
     */
    public record Result(CaravanConfig config, Origins origins, List<Problem> problems, List<Problem> warnings) {

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
        return text == null ? new Result(null, null, problems.problems(), problems.warnings())
                : readText(file.toString(), text, machineName);
    }

    /**
     * The same for text at hand. {@code name} takes the place of the file name in problems; its folder is where included
     * files are looked for.
     */
    public static Result readText(String name, String text, Supplier<String> machineName) {
        Problems problems = new Problems(name);
        Origins origins = null;
        try {
            Node root = YamlText.compose(name, text, problems);
            if (root != null)
                origins = read(Block.including(root, "directives", problems), machineName, problems);
            else if (problems.none())
                problems.add(new Problem(name, 1, 1, "an empty file", "at least smtp-listener and source",
                        "copy the shipped caravan.yaml"));
        } catch (Problems.TooMuch _) {
            origins = null;
        }
        return problems.none() ? new Result(origins.config(), origins, List.of(), problems.warnings())
                : new Result(null, null, problems.problems(), problems.warnings());
    }

    private static Origins read(Block root, Supplier<String> machineName, Problems problems) {
        Settings global = root.agreedSettings(GlobalKeys.VOCABULARY);
        DomainReader domainReader = new DomainReader(problems,
                new DomainMacros(root.within("domain-macro", "domain macros by name"), problems));
        Map<String, Settings> said = new HashMap<>();
        SigningKeyReader keyReader = new SigningKeyReader(problems);
        Map<String, List<SigningKey>> byVirtualMta = new LinkedHashMap<>();
        Map<String, List<SigningKey>> byPool = new LinkedHashMap<>();
        Map<String, VirtualMta> virtualMtas = new VirtualMtaReader(problems, domainReader, said, keyReader,
                byVirtualMta)
                .read(root.within("virtual-mta", "virtual-mta blocks by name"));
        Map<String, VirtualMtaPool> pools = new PoolReader(problems, domainReader, virtualMtas.keySet(), keyReader,
                byPool)
                .read(root.within("virtual-mta-pool", "virtual-mta-pool blocks by name"));
        VirtualMtaNames names = new VirtualMtaNames(virtualMtas.keySet(), pools.keySet());
        Map<String, PatternList> patternLists = new PatternListReader(problems, names)
                .read(root.within("pattern-list", "pattern lists by name"));
        Sources sources = new SourceReader(problems, names, patternLists)
                .read(root.within("source", "source blocks by network or name"));
        Domains domains = DomainLayers.of(domainReader.read(root.within("domain", DomainKeys.BY_PATTERN)));
        List<AcctFile> acctFiles = new AcctFileReader(problems).read(root.entries("acct-file"));
        ServerTls serverTls = new ServerTlsReader(problems, Clock.systemUTC()).read(root, global);
        BrokerSettings broker = new BrokerReader(problems, sources).read(root.within("broker", "the broker block"),
                serverTls != null);
        String hostName = global.get(GlobalKeys.HOST_NAME);
        CaravanConfig config = new CaravanConfig(hostName == null ? machineName.get() : hostName,
                orNone(global.get(GlobalKeys.SMTP_LISTENER)), global.get(GlobalKeys.PICKUP), sources,
                PoolReader.layered(virtualMtas, pools), pools,
                new JobReader(problems).read(root.within("job", "job blocks by name or pattern")),
                global.get(GlobalKeys.INVALID_VIRTUAL_MTA_FALLBACK), domains,
                new CategoryPatternReader(problems).read(root.entries("bounce-category-patterns")), acctFiles,
                global.get(GlobalKeys.NAME_SERVER), GlobalKeys.smtpIn(global), GlobalKeys.smtpOut(global),
                MxRollup.of(global.get(GlobalKeys.MX_ROLLUP_LIST)), broker,
                new SigningKeys(keyReader.keys(root, global), Collections.unmodifiableMap(byVirtualMta),
                        Collections.unmodifiableMap(byPool), global.get(SigningKeyReader.CHECK_DOMAIN_KEYS)),
                serverTls,
                DnsKeys.read(root.within("dns", "the dns block"), problems),
                new PolicyTrustReader(problems).read(root, global),
                new ReportSettings(global.get(GlobalKeys.MAX_DSN_RATE),
                        new WordingReader(problems).read(root, global)));
        new CrossChecks(root, problems).check(config, names);
        new RerouteChecks(problems, names).check(config);
        new DkimChecks(root, problems).check(config);
        new TlsChecks(root, problems).check(config);
        return new Origins(config, Map.copyOf(said));
    }

    private static <T> List<T> orNone(List<T> list) {
        return list == null ? List.of() : list;
    }
}
