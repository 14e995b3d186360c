package org.caravanmta.config;

import org.caravanmta.config.DomainPattern.Scope;
import org.caravanmta.config.value.Grammar;
import org.caravanmta.config.value.HostName;
import org.caravanmta.config.value.Misunderstood;

/** {@code mx MXPATTERN NAME.rollup}; the first word may be left out. */
record MxRollupGrammar() implements Grammar<MxRollupGrammar.Line> {

    record Line(DomainPattern hosts, String rollup) {

        @Override
        public String toString() {
            return "mx " + hosts + " " + rollup;
        }
    }

    @Override
    public String expected() {
        return "a pattern of MX host names and a name, such as mx *.mx.example.com example.rollup";
    }

    @Override
    public Line parse(String text) throws Misunderstood {
        String[] all = text.split("\\s+");
        int from = all.length > 2 && all[0].equals("mx") ? 1 : 0;
        if (all.length == from + 3 && all[from + 2].equals("rollup-by-ip"))
            throw misunderstood("rollup-by-ip is not supported: give the rollup smtp-hosts in its domain block");
        if (all.length != from + 2)
            throw misunderstood("one pattern and one name per entry");
        return new Line(hosts(all[from]), name(all[from + 1]));
    }

    private DomainPattern hosts(String text) throws Misunderstood {
        try {
            DomainPattern p = new DomainPattern.Form().parse(text);
            if (p.scope() != Scope.ALL && p.scope() != Scope.LITERAL)
                return p;
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
        throw misunderstood("MX hosts by name, such as mx1.example.com or *.mx.example.com");
    }

    private String name(String text) throws Misunderstood {
        try {
            String name = new HostName().parse(text);
            if (name.endsWith(MxRollup.SUFFIX))
                return name;
        } catch (Misunderstood e) {
            throw misunderstood(e.hint());
        }
        throw misunderstood("the name of a rollup ends with " + MxRollup.SUFFIX);
    }
}
