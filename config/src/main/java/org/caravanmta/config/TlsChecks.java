package org.caravanmta.config;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** TLS that is asked for, but cannot be spoken without a certificate. */
record TlsChecks(Block root, Problems problems) {

    private static final String REMEDY = "smtp-server-tls-certificate: [ CERTIFICATE, KEY ]";

    void check(CaravanConfig config) {
        if (config.serverTls() != null || root.entry("smtp-server-tls-certificate") != null)
            return;
        for (SmtpListener l : config.smtpListeners())
            if (l.immediateTls())
                problems.add(at(), l + " immediate-tls=yes, but no certificate", REMEDY,
                        "name a certificate, or take immediate-tls away");
    }

    private Node at() {
        Node all = root.entry("smtp-listener").value();
        if (all instanceof SequenceNode list)
            for (Node item : list.getValue())
                if (item instanceof ScalarNode s && s.getValue().contains("immediate-tls"))
                    return item;
        return all;
    }
}
