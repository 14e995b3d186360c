package org.caravanmta.steering;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.caravanmta.config.CaravanConfig;
import org.caravanmta.config.DnsSettings;
import org.caravanmta.config.Jobs;
import org.caravanmta.config.ReportSettings;
import org.caravanmta.config.Sources;
import org.caravanmta.config.VirtualMta;
import org.caravanmta.config.VirtualMtaPool;
import org.caravanmta.config.VirtualMtaPool.Member;
import org.caravanmta.config.dkim.SigningKeys;
import org.caravanmta.config.trust.PolicyTrust;

/** Configurations that know nothing but names. */
final class Configs {

    private Configs() {
    }

    /** @param pools of members separated by blanks */
    static CaravanConfig of(List<String> virtualMtas, Map<String, String> pools) {
        Map<String, VirtualMta> all = new LinkedHashMap<>();
        for (String v : virtualMtas)
            all.put(v, new VirtualMta(v, List.of(), null, VirtualMta.Limits.NONE));
        Map<String, VirtualMtaPool> byName = new LinkedHashMap<>();
        pools.forEach((name, members) -> byName.put(name, new VirtualMtaPool(name,
                Arrays.stream(members.split(" ")).map(m -> new Member(m, 1)).toList(), null, null,
                VirtualMta.Limits.NONE)));
        return new CaravanConfig("gw.test", List.of(), List.of(), new Sources(List.of()), all, byName, Jobs.NONE, null,
                null,
                List.of(),
                List.of(),
                List.of(), null, null, List.of(), null, SigningKeys.NONE, null, DnsSettings.DEFAULT,
                PolicyTrust.DEFAULT, ReportSettings.DEFAULT);
    }
}
