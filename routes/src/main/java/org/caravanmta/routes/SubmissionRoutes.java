package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;

/** Every way in ends here: the VirtualMTA is chosen, and the message is signed and queued. */
public final class SubmissionRoutes extends RouteBuilder {

    static final String SUBMISSION = "direct:submission";

    private final SelectVirtualMta selectVirtualMta;
    private final SplitByDestination split;
    private final SignDkim signDkim;
    private final Enqueue enqueue;

    public SubmissionRoutes(SelectVirtualMta selectVirtualMta, SplitByDestination split, SignDkim signDkim,
            Enqueue enqueue) {
        this.selectVirtualMta = selectVirtualMta;
        this.split = split;
        this.signDkim = signDkim;
        this.enqueue = enqueue;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception becomes 451 4.3.0 in the SMTP server

        from(SUBMISSION).routeId("submission")
                .process(selectVirtualMta).id("vmta.select")
                .choice().id("vmta.router")
                .when(selectVirtualMta.refused()).process(new RefuseVirtualMta()).id("vmta.refuse")
                .otherwise().process(split).id("submission.split").process(signDkim).id("dkim.sign")
                .filter(signDkim.passed()).id("dkim.passed").process(enqueue).id("queue.enqueue");
    }
}
