package org.caravanmta.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.value.Interval;
import org.caravanmta.config.value.Misunderstood;
import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.caravanmta.config.yaml.Settings;

/** Reads {@code domain:} blocks: settings by pattern. Belongs to the reading thread. */
final class DomainReader {

    private static final DomainPattern.Form FORM = new DomainPattern.Form();

    private final Problems problems;
    private final DomainMacros macros;
    /** By text, so that many VirtualMTAs with the same patterns share them. */
    private final Map<String, List<DomainPattern>> patterns = new HashMap<>();

    DomainReader(Problems problems, DomainMacros macros) {
        this.problems = problems;
        this.macros = macros;
    }

    /** What is said about one pattern, from the weakest to the strongest: a pattern written out beats a macro. */
    private record Said(List<Settings> byMacro, List<Settings> writtenOut) {

        Said() {
            this(new ArrayList<>(1), new ArrayList<>(1));
        }

        Settings merged() {
            List<Settings> all = new ArrayList<>(byMacro);
            all.addAll(writtenOut);
            return Settings.merge(all);
        }
    }

    /** The blocks of one scope; those of one pattern in several files are merged. */
    Map<DomainPattern, Settings> read(Block byPattern) {
        Map<DomainPattern, Said> said = new LinkedHashMap<>();
        Map<DomainPattern, Block.Entry> writtenOut = new HashMap<>();
        for (Block.Entry e : byPattern.entries()) {
            Block block = Block.including(e.value(), "the settings of a domain", problems);
            Settings settings = block.settings(DomainKeys.VOCABULARY);
            checkRetries(block, settings);
            boolean macro = e.key().contains("$");
            for (DomainPattern p : patterns(e)) {
                Block.Entry before = macro ? null : writtenOut.put(p, e);
                if (before != null && before.sameFile(e))
                    problems.add(e.at(), Problems.quote(e.key()) + " a second time", "each pattern once",
                            "merge the two blocks");
                Said here = said.computeIfAbsent(p, _ -> new Said());
                (macro ? here.byMacro() : here.writtenOut()).add(settings);
            }
        }
        Map<DomainPattern, Settings> merged = new LinkedHashMap<>();
        said.forEach((pattern, s) -> merged.put(pattern, s.merged()));
        return merged;
    }

    private List<DomainPattern> patterns(Block.Entry e) {
        List<DomainPattern> known = patterns.get(e.key());
        if (known != null)
            return known;
        List<DomainPattern> found = new ArrayList<>();
        boolean right = true;
        for (String text : macros.expand(e.key().strip(), e.at()))
            try {
                found.add(FORM.parse(text.strip()));
            } catch (Misunderstood m) {
                right = false;
                problems.add(e.at(), Problems.quote(e.key())
                        + (text.equals(e.key().strip()) ? "" : ", which means " + Problems.quote(text)), m.expected(),
                        m.hint());
            }
        if (right && !found.isEmpty())
            patterns.put(e.key(), List.copyOf(found));
        return found;
    }

    private void checkRetries(Block block, Settings settings) {
        if (settings.says(DomainKeys.RETRY_AFTER) && settings.says(DomainKeys.BOUNCE_AFTER)
                && settings.get(DomainKeys.RETRY_AFTER).getFirst()
                        .compareTo(settings.get(DomainKeys.BOUNCE_AFTER)) >= 0)
            problems.warn(block.entry("bounce-after").value(), Interval.text(settings.get(DomainKeys.BOUNCE_AFTER)),
                    "more than the first retry-after", "mail is never tried a second time");
    }
}
