package org.caravanmta.tls.sts;

import java.util.concurrent.CompletionStage;

/** Where the policy of a domain comes from. Any thread. */
@FunctionalInterface
public interface PolicySource {

    /** Never completes exceptionally; within a minute. @param domain in lower case, A-labels */
    CompletionStage<Fetched> fetch(String domain);

    /**
     * @param policy  null when there is none that could be used
     * @param trouble then why, one line; else null
     */
    record Fetched(StsPolicy policy, String trouble) {

        static Fetched of(StsPolicy policy) {
            return new Fetched(policy, null);
        }

        static Fetched failed(String trouble) {
            return new Fetched(null, trouble);
        }
    }
}
