package org.caravanmta.config;

import java.util.HashMap;
import java.util.Map;

import org.caravanmta.config.yaml.Block;
import org.caravanmta.config.yaml.Problems;

/** Reads the {@code job:} block. */
record JobReader(Problems problems) {

    Jobs read(Block byPattern) {
        Map<String, VirtualMta.Limits> limits = new HashMap<>();
        Map<String, Block.Entry> firsts = new HashMap<>();
        for (Block.Entry e : byPattern.entries()) {
            Block.Entry first = firsts.putIfAbsent(e.key(), e);
            if (first != null)
                problems.add(e.at(), "job " + Problems.quote(e.key()) + " a second time", "each pattern once",
                        "the first one is in " + first.place() + "; merge the two, or take one away");
            int star = e.key().indexOf('*');
            if (e.key().isBlank() || star >= 0 && star < e.key().length() - 1)
                problems.add(e.at(), Problems.quote(e.key()), "the name of a job, or its beginning with * behind it",
                        "such as news-2026-11, news-*, or \"*\" for each job");
            Block block = Block.including(e.value(), "the directives of a job", problems);
            limits.put(e.key(), VirtualMtaKeys.limits(block.settings(JobKeys.VOCABULARY)));
        }
        return new Jobs(limits);
    }
}
