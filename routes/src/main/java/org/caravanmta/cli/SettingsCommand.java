package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import org.caravanmta.config.ConfigReader;
import org.caravanmta.config.Origins;
import org.caravanmta.config.Origins.Value;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.yaml.NearestWord;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan settings}: every effective value of a queue or a VirtualMTA, and where it is said. */
@Command(name = "settings", mixinStandardHelpOptions = true,
        description = "Shows every setting of a queue or a VirtualMTA, and the file and line that it comes from.")
final class SettingsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DOMAIN/VMTA | VMTA",
            description = "a queue such as example.com/mta1, or the name of a VirtualMTA; the default one is {default}")
    private String target;

    @Mixin
    private ConfigOption config;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        ConfigReader.Result read = config.result(System.err);
        if (read == null)
            return 2;
        int slash = target.indexOf('/');
        String virtualMta = target.substring(slash + 1);
        if (slash == 0 || !read.config().virtualMtas().containsKey(virtualMta)) {
            System.err.println("caravan: " + refusal(slash, virtualMta, read));
            return 2;
        }
        Origins origins = read.origins();
        List<Value> values = slash < 0 ? origins.virtualMta(virtualMta)
                : origins.queue(virtualMta, target.substring(0, slash));
        String rollup = slash < 0 ? null : origins.mxRollup(virtualMta, target.substring(0, slash));
        System.out.println(json ? json(slash < 0 ? "virtual-mta" : "queue", values, rollup)
                : table(values) + (rollup == null ? "" : "\nrolled up: " + rollup));
        return 0;
    }

    private String refusal(int slash, String virtualMta, ConfigReader.Result read) {
        if (slash == 0)
            return "a queue is DOMAIN/VMTA, such as example.com/" + virtualMta;
        return "there is no virtual-mta \"" + virtualMta + "\"; "
                + NearestWord.of(virtualMta, read.config().virtualMtas().keySet()).map(n -> "did you mean " + n + "?")
                        .orElse(slash < 0 ? "a queue is DOMAIN/VMTA, such as " + target + "/" + VirtualMta.DEFAULT
                                : "mail of an unknown VirtualMTA waits until it is there");
    }

    /** Columns: directive, value, layer, place, pattern. */
    private static String table(List<Value> values) {
        TextTable table = new TextTable();
        for (Value v : values)
            table.row(v.directive(), v.value() == null || v.value().isEmpty() ? "-" : v.value(), v.layer().toString(),
                    v.place() == null ? "" : v.place().toString(), v.pattern() == null ? "" : v.pattern());
        return table.toString();
    }

    private String json(String kind, List<Value> values, String rollup) throws JsonProcessingException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Value v : values) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("directive", v.directive());
            one.put("value", v.value());
            one.put("layer", v.layer().toString());
            one.put("pattern", v.pattern());
            one.put("file", v.place() == null ? null : v.place().file());
            one.put("line", v.place() == null ? null : v.place().line());
            list.add(one);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put(kind, target);
        all.put("settings", list);
        if (rollup != null)
            all.put("rolledUp", rollup);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }
}
