package org.caravanmta.routes;

import org.apache.camel.builder.RouteBuilder;

/** Every way in ends here: the VirtualMTA is chosen and the message is queued. */
public final class SubmissionRoutes extends RouteBuilder {

    static final String SUBMISSION = "direct:submission";

    private final SelectVirtualMta selectVirtualMta;
    private final Enqueue enqueue;

    public SubmissionRoutes(SelectVirtualMta selectVirtualMta, Enqueue enqueue) {
        this.selectVirtualMta = selectVirtualMta;
        this.enqueue = enqueue;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // an exception becomes 451 4.3.0 in the SMTP server

        from(SUBMISSION).routeId("submission")
                .process(selectVirtualMta).id("vmta.select")
                .choice().id("vmta.router")
                .when(selectVirtualMta.refused()).process(new RefuseVirtualMta()).id("vmta.refuse")
                .otherwise().process(enqueue).id("queue.enqueue");
    }
}
