package org.caravanmta.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The conservation check. Every accepted recipient is in exactly one place: delivered, bounced, expired, queued or
 * parked; and what the records call delivered is what the receivers took.
 */
final class Books {

    private Books() {
    }

    /** What must hold at every moment; a crash may have repeated deliveries. */
    static void conserved(Collection<String> accepted, List<AcctCsv.Line> records, List<String> queued,
            List<String> parked) {
        List<String> places = new ArrayList<>(queued);
        places.addAll(parked);
        records.stream().filter(AcctCsv.Line::isFinal).forEach(r -> places.add(r.rcpt()));
        assertThat(places).as("delivered + bounced + expired + queued + parked")
                .containsExactlyInAnyOrderElementsOf(accepted);
    }

    /** What holds as long as nothing crashed. */
    static void deliveredOnce(List<AcctCsv.Line> records, Mx... receivers) {
        List<String> taken = new ArrayList<>();
        for (Mx mx : receivers)
            taken.addAll(mx.recipients());
        assertThat(taken).as("taken by the receivers").containsExactlyInAnyOrderElementsOf(
                records.stream().filter(AcctCsv.Line::delivered).map(AcctCsv.Line::rcpt).toList());
    }
}
